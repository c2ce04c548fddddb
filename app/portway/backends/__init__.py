"""One folder for each way to expose a target. Plain blocking Python, no Qt."""
