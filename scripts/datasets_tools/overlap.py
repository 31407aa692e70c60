"""Whether pictures of a data set are among those of the pretraining's corpora: by hash, and by nearness.

Two pictures are compared as the pretraining shows them: cropped to what can be seen, on white. Of each, 16 by 16
grey values less their mean, scaled to length 1, are its descriptor; the nearness of two pictures is the product of
their descriptors: 1 for the same drawing up to brightness and contrast.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops

from .errors import DatasetsError
from .output import pixel_hash

SIDE = 16
NEAR = 0.95


@dataclass(frozen=True)
class Overlap:
    """What was found: for each picture the nearest of the corpora, and whether it is the same, pixel for pixel."""

    pictures: list[Path]
    nearest: list[Path]
    nearness: np.ndarray
    equal: list[bool]

    @property
    def near(self) -> int:
        return int((self.nearness >= NEAR).sum())


def compare(pictures: Path, corpora: Path) -> Overlap:
    """The nearest picture of the corpora for each picture of a data set."""
    own, known = _files(pictures), _files(corpora)
    own_values, own_hashes = _described(own)
    known_values, known_hashes = _described(known)
    hashes = set(known_hashes)
    nearest, nearness = [], []
    for start in range(0, len(own), 256):
        products = own_values[start : start + 256] @ known_values.T
        best = products.argmax(axis=1)
        nearest += [known[index] for index in best]
        nearness.append(products[np.arange(len(best)), best])
    return Overlap(own, nearest, np.concatenate(nearness), [digest in hashes for digest in own_hashes])


def write(overlap: Overlap, file: Path) -> None:
    """A row for each picture, the nearest first."""
    order = np.argsort(-overlap.nearness, kind="stable")
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["file", "nearest", "nearness", "equal"])
        for index in order:
            table.writerow(
                [
                    overlap.pictures[index],
                    overlap.nearest[index],
                    f"{overlap.nearness[index]:.4f}",
                    int(overlap.equal[index]),
                ]
            )


def _files(folder: Path) -> list[Path]:
    files = sorted(folder.rglob("*.png"))
    if not files:
        raise DatasetsError(f"{folder} has no PNG pictures; name a folder of pictures.")
    return files


def _described(files: list[Path]) -> tuple[np.ndarray, list[str]]:
    values = np.zeros((len(files), SIDE * SIDE), np.float32)
    hashes = []
    for row, file in enumerate(files):
        with Image.open(file) as image:
            grey = visible(image)
        hashes.append(pixel_hash(grey))
        values[row] = descriptor(grey)
    return values, hashes


def visible(image: Image.Image) -> Image.Image:
    """The picture on white in grey, cropped to what differs from white."""
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, (255, 255, 255, 255))
    ground.alpha_composite(image)
    grey = ground.convert("L")
    box = ImageChops.invert(grey).point(lambda value: 255 * (value >= 32)).getbbox()
    return grey.crop(box) if box else grey


def descriptor(grey: Image.Image) -> np.ndarray:
    """Grey values less their mean, of length 1; zeros for a picture of one grey."""
    side = max(grey.size)
    square = Image.new("L", (side, side), 255)
    square.paste(grey, ((side - grey.width) // 2, (side - grey.height) // 2))
    values = np.asarray(square.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32).ravel()
    values = values - values.mean()
    length = float(np.linalg.norm(values))
    return values / length if length > 0 else values
