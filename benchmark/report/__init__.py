"""From tables to files that people look at."""
