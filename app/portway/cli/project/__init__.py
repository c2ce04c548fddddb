"""`.portway.toml`: the tunnels of a project, found and read without trust, agreed to, opened and closed."""
