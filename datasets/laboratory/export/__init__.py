"""A simulated recording as a laboratory would deliver it."""
