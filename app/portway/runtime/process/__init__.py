"""Start and end of the program: one instance, signals, the parent, the environment."""
