"""The command: ``python3 -m corpora_tools [FOLDER]``."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from .errors import CorporaError

_FOLDER = Path(__file__).resolve().parents[2] / "corpora"
_DESCRIPTION = """\
Builds corpora of captioned pictures from Debian's clip art, emoji and icon fonts:
FOLDER/pictures/SOURCE/ID.png, manifest.csv (file, source, caption, keywords, category, part),
left-out.csv (source, id, reason) and sources.csv (package, version, licence, counts).
The same packages produce the same bytes."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command and returns its exit status: 2 for errors that the caller can fix."""
    parser = argparse.ArgumentParser(
        prog="scripts/corpora", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folder", metavar="FOLDER", nargs="?", type=Path, default=_FOLDER,
        help="the output folder; an existing corpora folder is replaced once the new one is complete (default: corpora)",
    )  # fmt: skip
    folder = parser.parse_args(arguments).folder.absolute()
    # Treat termination as an interruption: partial output is removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from .preparation import prepare

        parts = prepare(folder)
    except ImportError as error:
        print(f"{_package_with(error)} is missing; install it, or run scripts/corpora.", file=sys.stderr)
        return 2
    except CorporaError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\n" * sys.stderr.isatty() + "Interrupted; nothing was changed.", file=sys.stderr)
        return 130
    counts = ", ".join(f"{parts[part]:,} {part}" for part in sorted(parts, reverse=True))
    print(f"{folder}: {counts} pairs", file=sys.stderr)
    return 0


def _package_with(error: ImportError) -> str:
    packages = {"PIL": "python3-pil", "fontTools": "python3-fonttools"}
    module = (error.name or "").split(".")[0]
    return f"Debian's package {packages[module]}" if module in packages else f"Python's module {module}"


if __name__ == "__main__":
    sys.exit(main())
