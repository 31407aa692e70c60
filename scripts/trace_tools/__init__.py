"""Turns availability and bandwidth that were recorded in other simulators' layouts into this project's CSV."""
