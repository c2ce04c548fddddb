"""Small controls that every page uses."""
