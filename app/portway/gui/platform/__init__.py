"""Clipboard, browser and screen of this desktop."""
