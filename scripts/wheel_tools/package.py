"""The contents of the wheel."""

import pathlib
import re
import shutil
import subprocess

from . import elf

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = pathlib.Path(__file__).with_name("flora_sim")
FASHION_MNIST = pathlib.Path("/usr/share/datasets/fashion-mnist")
SWIFT_LICENCE = "usr/share/swift/LICENSE.txt"

METADATA = """\
Metadata-Version: 2.1
Name: flora-sim
Version: {version}
Summary: FLORA, a discrete-event simulator of federated fine-tuning of CLIP
Requires-Python: >=3.9
Description-Content-Type: text/markdown

{description}"""

WHEEL = """\
Wheel-Version: 1.0
Generator: scripts/package-python
Root-Is-Purelib: false
Tag: {tag}
"""


def version() -> str:
    """The program's version."""
    source = (ROOT / "Sources/Results/FloraVersion.swift").read_text()
    return re.search(r'current = "([^"]+)"', source)[1]


def tag(glibc: tuple[int, int]) -> str:
    """Any Python 3, on x86-64 Linux with this glibc version or later."""
    return f"py3-none-manylinux_{glibc[0]}_{glibc[1]}_x86_64"


def fill(folder: pathlib.Path, program: pathlib.Path, glibc: tuple[int, int], data: pathlib.Path | None) -> None:
    """Puts the wheel's files into an empty folder.

    Raises ElfError if the program's libraries are missing or require a later glibc than the wheel's tag.
    """
    package = folder / "flora_sim"
    shutil.copytree(TEMPLATE, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "bin").mkdir()
    (package / "lib").mkdir()
    libraries = elf.libraries(program)
    _take(program, package / "bin/flora", "$ORIGIN/../lib", glibc)
    for name, library in libraries.items():
        _take(library, package / "lib" / name, "$ORIGIN", glibc)
    for resources in sorted(program.parent.glob("flora_*.resources")):
        shutil.copytree(resources, package / "bin" / resources.name)
    shutil.copytree(ROOT / "scenarios", package / "scenarios")
    if data:
        target = package / "datasets/fashion-mnist"
        target.mkdir(parents=True)
        for part in ("train", "t10k"):
            for kind in ("images-idx3", "labels-idx1"):
                shutil.copy(data / f"{part}-{kind}-ubyte.gz", target)
    information = folder / f"flora_sim-{version()}.dist-info"
    information.mkdir()
    description = (TEMPLATE / "README.md").read_text()
    (information / "METADATA").write_text(METADATA.format(version=version(), description=description))
    (information / "WHEEL").write_text(WHEEL.format(tag=tag(glibc)))
    (information / "entry_points.txt").write_text("[console_scripts]\nflora = flora_sim:main\n")
    _licences(information / "licenses", libraries.values(), data)


def _take(file: pathlib.Path, target: pathlib.Path, origin: str, glibc: tuple[int, int]) -> None:
    """Copies a program or a library."""
    needed = elf.glibc_of(file)
    if needed > glibc:
        raise elf.ElfError(f"{file} needs glibc {needed[0]}.{needed[1]}, later than {glibc[0]}.{glibc[1]}")
    shutil.copyfile(file, target)
    target.chmod(0o755)
    elf.prepare(target, origin)


def _licences(folder: pathlib.Path, libraries, data: pathlib.Path | None) -> None:
    """Copies the licences of all packaged files: Debian's copyright files, and Swift's."""
    folder.mkdir()
    for file in [*libraries, *([data / "train-labels-idx1-ubyte.gz"] if data else [])]:
        owner = debian_package(file)
        if owner:
            shutil.copy(f"/usr/share/doc/{owner}/copyright", folder / f"{owner}.txt")
            continue
        for parent in file.parents:
            if (parent / SWIFT_LICENCE).exists():
                shutil.copy(parent / SWIFT_LICENCE, folder / "swift.txt")
                break
        else:
            raise elf.ElfError(f"the licence of {file} was not found")


def debian_package(file: pathlib.Path) -> str | None:
    """The Debian package that a file belongs to, or None."""
    real = file.resolve()
    # On a merged /usr, dpkg may know a file by its old path.
    for path in (real, pathlib.Path("/", *real.parts[2:]) if real.parts[1] == "usr" else real):
        found = subprocess.run(["dpkg", "-S", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if found.returncode == 0:
            return found.stdout.split(":", 1)[0]
    return None
