"""One request: what is known of it, its bodies, and how it is changed before it is sent again."""
