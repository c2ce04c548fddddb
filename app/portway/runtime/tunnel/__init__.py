"""One tunnel: its wish, its attempts, its worker and its retries."""
