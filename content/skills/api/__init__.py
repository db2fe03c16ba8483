"""Skills, for other tools."""
