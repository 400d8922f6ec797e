"""The results on one page: a single HTML file that needs no network."""
