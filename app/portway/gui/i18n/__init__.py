"""Sentences and labels in the person's language."""
