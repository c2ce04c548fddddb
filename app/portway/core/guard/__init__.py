"""Who may open a tunnel, until when, and how it looks from outside: as values."""
