"""The system's keyring, and keeping secrets out of texts."""
