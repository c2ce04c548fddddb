"""Portway: your local server, reachable from outside, with one click."""

__version__ = "0.1.0"
