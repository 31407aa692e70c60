"""What the caller can put right."""


class DatasetsError(Exception):
    """A sentence for the person who runs the command."""
