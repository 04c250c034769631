"""Pages of passports: those of whoever holds one, and those of whoever may read it."""
