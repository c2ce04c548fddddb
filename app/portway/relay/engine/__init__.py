"""Sockets and times: one daemon thread, its listener, and the bytes that pass."""
