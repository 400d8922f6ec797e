"""A laboratory's OpenSim model with the parameters that were identified."""
