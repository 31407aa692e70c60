"""The dependencies of programs and shared libraries, and their library search paths."""

import os
import pathlib
import re
import subprocess

# Provided by every Linux system and required from it: glibc, its loader and the vDSO.
GLIBC = re.compile(
    r"(linux-vdso|ld-linux-x86-64|libc|libm|libmvec|libdl|libpthread|librt|libutil|libanl|libresolv|libnsl)\.so(\.\d+)?$"
)


class ElfError(Exception):
    """An error that prevents packaging a program, as a sentence."""


def dependencies(listing: str) -> dict[str, pathlib.Path]:
    """The libraries in a listing of `ldd`, by the names under which they are requested; without glibc.

    Raises ElfError if one was not found.
    """
    found: dict[str, pathlib.Path] = {}
    for line in listing.splitlines():
        words = line.split()
        if not words or GLIBC.match(pathlib.PurePath(words[0]).name):
            continue
        if len(words) < 3 or words[1] != "=>" or not words[2].startswith("/"):
            raise ElfError(f"a shared library was not found: {line.strip()}")
        found[words[0]] = pathlib.Path(words[2])
    return found


def libraries(program: pathlib.Path) -> dict[str, pathlib.Path]:
    """All shared libraries that a program loads, directly or indirectly; without glibc."""
    return dependencies(_output("ldd", program))


def glibc_needed(symbols: str) -> tuple[int, int]:
    """The latest glibc version that a listing of `objdump -T` requires; 0.0 if it requires none."""
    versions = re.findall(r"\(?GLIBC_(\d+)\.(\d+)(?:\.\d+)?\)?", symbols)
    return max(((int(major), int(minor)) for major, minor in versions), default=(0, 0))


def glibc_of(file: pathlib.Path) -> tuple[int, int]:
    """The latest version of glibc that a file needs."""
    return glibc_needed(_output("objdump", "-T", file))


def prepare(file: pathlib.Path, origin: str) -> None:
    """Strips a copied file of debug information and makes `origin` its only library search path."""
    subprocess.run(["strip", "--strip-debug", file], check=True)
    # RPATH instead of RUNPATH, so that LD_LIBRARY_PATH, which conda sets, cannot add other libraries.
    subprocess.run(["patchelf", "--force-rpath", "--set-rpath", origin, file], check=True)


def _output(*command: str | pathlib.Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LD_")}
    done = subprocess.run(
        [*command], env=environment | {"LC_ALL": "C"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        check=False,
    )
    if done.returncode:
        raise ElfError(f"{' '.join(str(word) for word in command)}: {done.stderr.strip()}")
    return done.stdout
