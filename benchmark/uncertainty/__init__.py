"""How sure one result is: intervals, a bootstrap, and whether its bones are physically possible."""
