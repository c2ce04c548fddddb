"""Starting other programs, and knowing them again."""
