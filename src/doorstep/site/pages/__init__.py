"""Pages that join rooms. Each is a view of a few lines over the rooms' queries."""
