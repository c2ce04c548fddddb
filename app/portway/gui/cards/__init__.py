"""The Tunnels page and its cards."""
