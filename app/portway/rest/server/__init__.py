"""Sockets and QtHttpServer."""
