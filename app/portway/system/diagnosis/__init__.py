"""What helps others to find a fault: collected, masked, and packed into one file."""
