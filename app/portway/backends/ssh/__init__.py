"""A server of one's own: remote forwarding by the ssh program of this computer."""
