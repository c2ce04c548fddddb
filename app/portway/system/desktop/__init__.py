"""What the desktop session offers: start at login, displays, sleep."""
