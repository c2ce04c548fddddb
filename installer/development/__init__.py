"""The helpers of dev.py. They use the standard library only: they run before anything is installed."""
