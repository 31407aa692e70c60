"""Metadata of the Debian packages that provide the pictures."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import CorporaError

DOCUMENTATION = Path("/usr/share/doc")


@dataclass(frozen=True)
class Package:
    """A package, and the ``Files:`` paragraph of its copyright file that covers its pictures."""

    name: str
    files: str | None = None


def installed_version(name: str) -> str:
    """The version of an installed package; raises if it is missing."""
    try:
        answer = subprocess.run(
            ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", name],
            capture_output=True,
            text=True,
        ).stdout.split()
    except FileNotFoundError:
        raise CorporaError("dpkg-query is missing; the corpora are built from Debian packages.") from None
    if len(answer) != 2 or answer[0] != "installed":
        raise CorporaError(f"Debian's package {name} is missing; install it, or run scripts/corpora.")
    return answer[1]


def licence(package: Package, documentation: Path = DOCUMENTATION) -> str:
    """The licence stated in the package's copyright file, in one line."""
    path = documentation / package.name / "copyright"
    try:
        return licence_in(path.read_text(encoding="utf-8", errors="replace"), package.files)
    except FileNotFoundError:
        return f"see {path}"


def licence_in(text: str, files: str | None = None) -> str:
    """The licence in a copyright file's text.

    In the machine-readable format, the names in the paragraphs on files other than ``debian/*``, or
    only in the paragraph on ``files``; in free text, the first text after the licence heading.
    """
    if text.startswith("Format:"):
        names: dict[str, None] = {}
        for paragraph in re.split(r"\n\s*\n", text):
            globs = re.search(r"^Files:\s*(.*)$", paragraph, re.MULTILINE)
            name = re.search(r"^License:\s*(\S.*)$", paragraph, re.MULTILINE)
            if globs and name and globs[1] != "debian/*" and files in (None, globs[1].strip()):
                names[name[1].strip()] = None
        return "; ".join(names)
    for heading in ("License:", "Copyright:"):
        found = re.search(rf"^{heading}\s*\n\s*(.+?)\n\s*\n", text, re.MULTILINE | re.DOTALL)
        if found:
            return " ".join(found[1].split())
    return "see the package's copyright file"
