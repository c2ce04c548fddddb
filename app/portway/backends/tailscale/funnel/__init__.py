"""One Funnel, from the request to open it to the last look at it."""
