"""Recorded requests: kept in memory within bounds, shown with their secrets masked, exported and sent again."""
