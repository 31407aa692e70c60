"""The errors that this package raises."""

from __future__ import annotations

from pathlib import Path


class FloraError(Exception):
    """The base class of all errors of this package."""


class FloraWarning(UserWarning):
    """A warning that the program printed during a run."""


class ResultsError(FloraError):
    """A folder or table cannot be loaded: it is missing, incomplete or damaged."""


class RunFailed(FloraError):
    """The program failed.

    The text is what the program wrote to standard error.

    Attributes:
        exit_code: The program's exit code; negative if a signal ended it.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class InputError(RunFailed, ValueError):
    """The scenario or an argument is wrong (exit code 2).

    The text is the program's explanation, one line for each error. Nothing was written.
    """


class Interrupted(KeyboardInterrupt):
    """The run was stopped by Ctrl-C or SIGTERM.

    The program wrote a checkpoint if it had time to. Call `run` again with `resume=True` to continue.

    Attributes:
        exit_code: 130 after Ctrl-C, 143 after SIGTERM.
        folder: The folder of the run, if `out` named it.
    """

    def __init__(self, message: str, exit_code: int, folder: Path | None) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.folder = folder
