"""The window to the street: everything public, for programs and for spreadsheets."""
