"""The REST API on QtHttpServer, on loopback only."""
