"""Builds the corpora: pictures, manifest, excluded pictures, and sources."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from . import data, pictures
from .output import MANIFEST, replacing, write_table
from .packages import installed_version, licence
from .progress import shown
from .selection import LeftOut, Pair, Selection
from .sources import SOURCES, Source
from .split import held_out_keys, split_key

TRAIN = "train"
HELD_OUT = "held-out"


def prepare(folder: Path) -> Counter[str]:
    """Builds the corpora in a folder and returns the number of pairs in each part."""
    versions = {
        package.name: installed_version(package.name) for source in SOURCES for package in source.packages
    }
    with replacing(folder) as temporary:
        selection = Selection(data.left_out(), data.captions(), data.translations())
        pairs: list[Pair] = []
        left_out: list[LeftOut] = []
        for source in SOURCES:
            for result in _results(source, selection, temporary):
                (pairs if isinstance(result, Pair) else left_out).append(result)

        held_out = held_out_keys(pair.caption for pair in pairs)
        parts = [HELD_OUT if split_key(pair.caption) in held_out else TRAIN for pair in pairs]
        _write_manifest(temporary, pairs, parts)
        write_table(
            temporary / "left-out.csv",
            ("source", "id", "reason"),
            [(item.source, item.id, item.reason) for item in left_out],
        )
        _write_sources(temporary, versions, pairs, parts, left_out)
    return Counter(parts)


def _results(source: Source, selection: Selection, folder: Path) -> list[Pair | LeftOut]:
    """The result for each picture of a source; kept pictures are written."""
    candidates = sorted(source.candidates(), key=lambda candidate: candidate.id)
    results: list[Pair | LeftOut] = []
    for candidate in shown(candidates, source.name, len(candidates)):
        result = selection.words(candidate)
        if isinstance(result, Pair):
            original = candidate.load()
            picture = None if original is None else pictures.prepared(original)
            if picture is None:
                result = LeftOut(source.name, candidate.id, "nothing visible")
            else:
                repeated = selection.repeated(result, pictures.pixel_hash(picture))
                if repeated is None:
                    path = folder / result.file
                    path.parent.mkdir(parents=True, exist_ok=True)
                    picture.save(path, optimize=True)
                result = repeated or result
        results.append(result)
    return results


def _write_manifest(folder: Path, pairs: list[Pair], parts: list[str]) -> None:
    write_table(
        folder / MANIFEST,
        ("file", "source", "caption", "keywords", "category", "part"),
        [
            (pair.file, pair.source, pair.caption, ";".join(pair.keywords), ";".join(pair.category), part)
            for pair, part in zip(pairs, parts)
        ],
    )


def _write_sources(
    folder: Path, versions: dict[str, str], pairs: list[Pair], parts: list[str], left_out: list[LeftOut]
) -> None:
    counts = Counter((pair.source, part) for pair, part in zip(pairs, parts))
    out = Counter(item.source for item in left_out)
    write_table(
        folder / "sources.csv",
        ("source", "package", "version", "licence", "pairs", "train", "held-out", "left-out"),
        [
            (
                source.name,
                package.name,
                versions[package.name],
                licence(package),
                counts[source.name, TRAIN] + counts[source.name, HELD_OUT],
                counts[source.name, TRAIN],
                counts[source.name, HELD_OUT],
                out[source.name],
            )
            for source in SOURCES
            for package in source.packages
        ],
    )
