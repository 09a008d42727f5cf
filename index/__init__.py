"""Documents → passages → a searchable index. Knows nothing of chat."""
