"""Generates the tables of results/paper from the sweeps' CSV files."""
