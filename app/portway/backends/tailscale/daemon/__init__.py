"""Tailscale's daemon: its socket, its HTTP API, its stream of changes, and who may speak to it."""
