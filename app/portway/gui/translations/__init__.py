"""One module per language: English source text to translation, as plain tables."""
