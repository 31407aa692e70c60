"""The command line of scripts/package-python."""

import argparse
import os
import pathlib
import sys
import tempfile

from . import archive, elf, package


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/package-python", description="Builds the wheel flora_sim.")
    parser.add_argument(
        "--program", type=pathlib.Path, default=package.ROOT / ".build/release/flora", help="a built flora"
    )
    parser.add_argument("--out", type=pathlib.Path, default=package.ROOT / "dist", help="the folder for the wheel")
    parser.add_argument("--without-data", action="store_true", help="omit Fashion-MNIST")
    options = parser.parse_args()
    program = options.program.resolve()
    if not program.is_file():
        parser.error(f"{program} is missing; build it, or pass --program")
    data = None if options.without_data else package.FASHION_MNIST
    if data and not data.is_dir():
        parser.error(f"{data} is missing; install Debian's package dataset-fashion-mnist, or pass --without-data")
    glibc = tuple(int(part) for part in os.confstr("CS_GNU_LIBC_VERSION").split()[1].split("."))
    options.out.mkdir(parents=True, exist_ok=True)
    wheel = options.out / f"flora_sim-{package.version()}-{package.tag(glibc)}.whl"
    with tempfile.TemporaryDirectory(prefix="flora-wheel-") as name:
        folder = pathlib.Path(name)
        try:
            package.fill(folder, program, glibc, data)
        except elf.ElfError as error:
            print(f"scripts/package-python: {error}", file=sys.stderr)
            return 1
        archive.write(folder, wheel)
    print(f"{wheel} ({wheel.stat().st_size / 1e6:.0f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
