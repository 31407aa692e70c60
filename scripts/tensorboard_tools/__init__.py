"""Compares the event files of runs with their tables; see scripts/check-tensorboard."""
