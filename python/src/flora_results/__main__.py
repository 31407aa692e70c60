"""Prints the columns of all tables as a Markdown page: ``python3 -m flora_results > docs/tables.md``."""

from .columns import markdown

print(markdown(), end="")
