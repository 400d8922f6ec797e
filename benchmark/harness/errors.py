"""What a person can put right."""


class HarnessError(ValueError):
    """What was asked for cannot be run; the message says why and what to do."""
