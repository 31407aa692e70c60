"""Converts availability traces of other simulators to this project's CSV."""
