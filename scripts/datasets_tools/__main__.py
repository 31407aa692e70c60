"""The command: ``python3 -m datasets_tools digits|letters|icons FOLDER`` or ``check FOLDER CORPORA``."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from .errors import DatasetsError

_DESCRIPTION = """\
Makes an image folder from Debian's packages: FOLDER/pictures/[CLIENT/]CLASS/*.png, manifest.csv (file, client, class,
source, pixel hash), sources.csv (package, version, hash, licence) and licences/. The same packages give the same pixels.
check compares FOLDER/pictures with the pictures of the pretraining's corpora, and writes FOLDER/overlap.csv."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command and returns its exit status: 2 for what the caller can put right."""
    parser = argparse.ArgumentParser(
        prog="scripts/datasets", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, meaning in [
        ("digits", "scikit-learn's handwritten digits"),
        ("letters", "letters drawn from fonts; clients are families of fonts"),
        ("icons", "icons by name; clients are icon themes"),
    ]:
        command = commands.add_parser(name, help=meaning)
        command.add_argument("folder", metavar="FOLDER", type=Path)
    check = commands.add_parser("check", help="compares a data set with the corpora of the pretraining")
    check.add_argument("folder", metavar="FOLDER", type=Path)
    check.add_argument("corpora", metavar="CORPORA", type=Path)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if options.command == "check":
            _check(options.folder, options.corpora)
        else:
            _make(options.command, options.folder.absolute())
    except ImportError as error:
        print(f"Python's {error.name} is missing; install it, or run scripts/datasets.", file=sys.stderr)
        return 2
    except DatasetsError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _make(name: str, folder: Path) -> None:
    import importlib

    from .debs import unpack
    from .output import write

    module = importlib.import_module(f".{name}", __package__)
    with tempfile.TemporaryDirectory() as temporary:
        packages = []
        for package in module.PACKAGES:
            print(f"Unpacking {package}", file=sys.stderr)
            packages.append(unpack(package, Path(temporary)))
        count = write(folder, module.samples(packages), packages)
    print(f"{count} pictures in {folder / 'pictures'}")


def _check(folder: Path, corpora: Path) -> None:
    from .overlap import NEAR, compare, write

    overlap = compare(folder / "pictures", corpora)
    write(overlap, folder / "overlap.csv")
    print(
        f"Of {len(overlap.pictures)} pictures {sum(overlap.equal)} are in {corpora}, pixel for pixel, and "
        f"{overlap.near} have one there that is as near as {NEAR}; {folder / 'overlap.csv'} has the nearest of each."
    )


if __name__ == "__main__":
    sys.exit(main())
