"""The main window and the list of its pages."""
