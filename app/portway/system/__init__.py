"""The outside world: files, folders, processes, keyring, downloads. Plain blocking Python, no Qt."""
