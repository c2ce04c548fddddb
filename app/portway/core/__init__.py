"""Vocabulary and rules of Portway. Pure: standard library only, no Qt, no files, no network, no subprocess."""
