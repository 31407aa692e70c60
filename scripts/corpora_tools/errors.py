"""Errors that the user can fix."""


class CorporaError(Exception):
    """Explains in one sentence what is wrong and how to fix it."""
