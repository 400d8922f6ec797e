"""Methods that misbehave, a file each, and what they all do to be seen."""
