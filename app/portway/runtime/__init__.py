"""Qt without widgets: the hub, its tunnels, their workers, and the life of the program."""
