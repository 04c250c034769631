"""Ground floor: pure Python. No Django, no input or output beyond what is handed in."""
