"""Muscle synergies, and the stage that finds their weights with all other parameters."""
