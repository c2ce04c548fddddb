"""Talks to the Portway that runs, and starts one where none does."""
