"""Identification of an arm of one's own: from recordings to parameters, how sure they are, and what to beware of."""

from typing import Final

PAGE_FILE: Final = "index.html"  # what tells a folder with an identification in it
