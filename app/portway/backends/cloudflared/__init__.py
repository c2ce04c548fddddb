"""Cloudflare Quick Tunnel: the cloudflared program, fetched, verified and driven."""
