"""First floor: one Django app per room. A room imports only from the rooms before it."""
