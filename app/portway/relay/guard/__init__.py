"""Decides about each request before a byte of it reaches the target."""
