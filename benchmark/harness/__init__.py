"""Crossing problems with methods: suites, budgets, runs and their store."""
