"""What helps where something fails: the page about trouble, and the diagnostics."""
