"""The hop between a way out and the local server: it forwards, counts, and answers where nobody else does."""
