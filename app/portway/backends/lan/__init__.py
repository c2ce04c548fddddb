"""The local network: an own listener on one address of this computer."""
