"""Makes the tables of results/paper from the sweeps' CSVs."""
