"""Which news becomes a notification, and how the desktop is told."""
