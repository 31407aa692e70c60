"""The folder of a data set: pictures/, manifest.csv, sources.csv and licences/."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from corpora_tools.output import replacing, write_table
from corpora_tools.errors import CorporaError

from .debs import Package
from .errors import DatasetsError
from .sample import Sample


def write(folder: Path, samples: Iterable[Sample], packages: Iterable[Package]) -> int:
    """Writes a data set in place of one that is there, and says how many pictures it has."""
    try:
        with replacing(folder) as place:
            rows = []
            for sample in samples:
                parts = [sample.client] if sample.client is not None else []
                path = Path("pictures", *map(file_name, [*parts, sample.class_name]))
                (place / path).mkdir(parents=True, exist_ok=True)
                path = path / f"{file_name(sample.name)}.png"
                if (place / path).exists():
                    raise DatasetsError(f"{path} would be written twice; its names are not unique.")
                sample.image.save(place / path)
                rows.append(
                    [path.as_posix(), sample.client or "", sample.class_name, sample.source, pixel_hash(sample.image)]
                )
            write_table(place / "manifest.csv", ["file", "client", "class", "source", "pixel_sha256"], rows)
            write_table(
                place / "sources.csv",
                ["package", "version", "sha256", "licence"],
                [[p.name, p.version, p.sha256, p.licence] for p in packages],
            )
            (place / "licences").mkdir()
            for package in packages:
                (place / "licences" / f"{package.name}.txt").write_text(package.copyright, encoding="utf-8")
            return len(rows)
    except CorporaError as error:
        raise DatasetsError(str(error)) from None


def pixel_hash(image) -> str:
    """Equal for pictures of the same mode, size and pixels only, whatever wrote their files."""
    digest = hashlib.sha256(repr((image.mode, image.size)).encode())
    digest.update(image.tobytes())
    return digest.hexdigest()


def file_name(text: str) -> str:
    """The text as the name of a file: what is no letter, digit, space, dot, plus or hyphen becomes an underscore."""
    name = re.sub(r"[^\w .+-]", "_", text).strip(" .")
    if not name:
        raise DatasetsError(f"{text!r} makes no name of a file.")
    return name
