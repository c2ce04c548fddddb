"""What Tailscale writes, as values: pure."""
