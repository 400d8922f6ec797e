"""The shared problem: a recording seen through a formulation, as a parameter space and a residual."""
