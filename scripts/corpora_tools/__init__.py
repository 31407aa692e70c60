"""Captioned pictures from Debian's clip art, emoji and icon fonts, for pretraining a small CLIP."""
