"""The physics, written once."""
