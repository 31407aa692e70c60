"""One picture of a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Sample:
    """A picture with its class and, where the data set has clients, its client.

    ``name`` is unique within the client and class. ``source`` names the package and the file.
    """

    client: str | None
    class_name: str
    name: str
    source: str
    image: "Image"
