"""Debian's packages, downloaded and unpacked without being installed."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from corpora_tools.packages import licence_in

from .errors import DatasetsError


@dataclass(frozen=True)
class Package:
    """A package and where its files are.

    ``copyright`` is the text of its copyright file, and ``sha256`` that of the .deb.
    """

    name: str
    version: str
    sha256: str
    copyright: str
    root: Path

    @property
    def licence(self) -> str:
        """The licences that the copyright file names, in one line."""
        return licence_in(self.copyright) if self.copyright else "see the package"


def unpack(name: str, folder: Path) -> Package:
    """Downloads a package with apt-get, which checks its signature, and unpacks it below ``folder``."""
    place = folder / name
    place.mkdir()
    _run(["apt-get", "download", "-q", name], place, f"Debian's package {name} cannot be downloaded")
    files = list(place.glob("*.deb"))
    if len(files) != 1:
        raise DatasetsError(f"apt-get has left {len(files)} files of the package {name}; run apt-get update.")
    root = place / "root"
    _run(["dpkg-deb", "-x", str(files[0]), str(root)], place, f"the package {name} cannot be unpacked")
    version = _run(["dpkg-deb", "-f", str(files[0]), "Version"], place, f"the package {name} cannot be read")
    text = root / "usr/share/doc" / name / "copyright"
    return Package(
        name,
        version.strip(),
        hashlib.sha256(files[0].read_bytes()).hexdigest(),
        text.read_text(encoding="utf-8", errors="replace") if text.is_file() else "",
        root,
    )


def _run(command: list[str], folder: Path, fault: str) -> str:
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if answer.returncode != 0:
        lines = answer.stderr.strip().splitlines()
        raise DatasetsError(f"{fault}: {lines[-1] if lines else 'no reason given'}")
    return answer.stdout
