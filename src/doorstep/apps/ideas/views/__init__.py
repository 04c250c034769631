"""Pages of ideas: reading them, asking for one, an author's own, and checking."""
