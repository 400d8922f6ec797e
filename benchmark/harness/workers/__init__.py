"""Worker processes: what happens in one, and what watches over it from outside."""
