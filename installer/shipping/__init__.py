"""What Portway is shipped as: the bundle that needs no Python, packages, installers, and what must lie in them."""
