"""Tray, window and words: what a person sees."""
