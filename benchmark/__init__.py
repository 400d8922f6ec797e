"""The benchmark: the shared model and problem, the harness that crosses them with methods, and the report."""
