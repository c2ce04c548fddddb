"""Tailscale Funnel: the tailscale program and its daemon, driven without touching what others set."""
