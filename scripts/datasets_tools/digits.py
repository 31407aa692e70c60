"""Handwritten digits: scikit-learn's, 1,797 pictures of 8 by 8 pixels.

They are the test part of the UCI "Optical Recognition of Handwritten Digits" (Alpaydin and Kaynak, 1998; CC BY 4.0),
written by 13 people, without a word on who wrote which.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator

from PIL import Image

from .debs import Package
from .errors import DatasetsError
from .sample import Sample

PACKAGES = ("python3-sklearn",)

SIDE = 8
NAMES = "zero one two three four five six seven eight nine".split()

_FILE = "usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz"


def samples(packages: Iterable[Package]) -> Iterator[Sample]:
    """The pictures in the order of the file, black on white as on paper."""
    for package in packages:
        with gzip.open(package.root / _FILE) as file:
            yield from rows(file.read().decode("ascii"), package.name)


def rows(text: str, package: str) -> Iterator[Sample]:
    """A picture of each row: 64 numbers from 0, white, to 16, and the digit."""
    for number, row in enumerate(csv.reader(io.StringIO(text))):
        values = [round(float(field)) for field in row]
        if len(values) != SIDE * SIDE + 1 or not all(0 <= v <= 16 for v in values) or values[-1] > 9:
            raise DatasetsError(f"row {number} of the digits is not {SIDE * SIDE} numbers to 16 and a digit.")
        image = Image.frombytes("L", (SIDE, SIDE), bytes(255 - round(255 * v / 16) for v in values[:-1]))
        yield Sample(None, NAMES[values[-1]], f"{number:04}", f"{package}:{_FILE}#{number}", image)
