"""The tokens that let a caller in."""
