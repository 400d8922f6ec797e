"""Identification of an arm of one's own: from recordings to parameters, how sure they are, and what to beware of."""
