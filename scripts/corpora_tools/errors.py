"""What the person who runs the tool can put right."""


class CorporaError(Exception):
    """Says in one sentence what is wrong and what to do about it."""
