"""From runs and problems to tables of accuracy."""
