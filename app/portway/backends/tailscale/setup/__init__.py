"""What comes before a Funnel: installing Tailscale and logging in."""
