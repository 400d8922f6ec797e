"""A laboratory's OpenSim model as the suite describes arms, and moved; most of it needs OpenSim."""
