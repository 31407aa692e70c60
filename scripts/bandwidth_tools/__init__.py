"""Fluid flows whose links change, as SimGrid carries them."""
