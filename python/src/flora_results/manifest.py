"""The inputs and settings that produced a run."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import ResultsError


@dataclass(frozen=True)
class File:
    """A file that the run read."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class ImageFeatures:
    """Where the image features of a frozen vision tower came from.

    Attributes:
        samples: How many the run required.
        from_cache: How many of them earlier runs had computed.
        cache_key: The name of the cache file; None if the run did not use the cache.
    """

    samples: int
    from_cache: int
    cache_key: str | None = None


@dataclass(frozen=True)
class Manifest:
    """The contents of manifest.json.

    Attributes:
        scenario: The scenario as the program understood it, with all defaults.
        scenario_sha256: The hash of the scenario.
        flora_version: The version of the program.
        swift_version: The compiler of the program.
        platform: The operating system.
        matrix_product_kernels: The kernels of matrix products, and the library for decompositions.
        packed_products: Whether flora's own kernels were used in addition.
        runtime: The runtime whose memory the tables report, such as "pytorch".
        workers: The number of threads.
        events: Events of all simulations in the run.
        resumptions: How often the run was resumed from a checkpoint.
        class_names: The classes in the order of their labels.
        data_files: The data set's files.
        model_files: The base model's files.
        fleet_files: Availability traces.
        result_key: Hashes of everything that determines the results.
        image_features: None if no method has a frozen vision tower.
        started_at: When the run started.
        wall_time_s: The elapsed real time, in seconds.
        other: Entries unknown to this version of the package.
    """

    scenario: Mapping[str, Any]
    scenario_sha256: str
    flora_version: str
    swift_version: str
    platform: str
    matrix_product_kernels: str
    packed_products: bool
    runtime: str
    workers: int
    events: int
    resumptions: int
    class_names: tuple[str, ...]
    data_files: tuple[File, ...]
    model_files: tuple[File, ...]
    fleet_files: tuple[File, ...]
    result_key: Mapping[str, str]
    started_at: datetime.datetime
    wall_time_s: float
    image_features: ImageFeatures | None = None
    other: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the scenario."""
        return str(self.scenario["name"])

    @property
    def seed(self) -> int:
        """The seed of the scenario."""
        return int(self.scenario["seed"])

    @classmethod
    def read(cls, file: str | os.PathLike[str]) -> Manifest:
        """Reads a manifest.

        Raises:
            ResultsError: The file is missing or damaged.
        """
        path = Path(file)
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ResultsError(f"{path}: file not found; the run has not finished") from None
        except (ValueError, OSError) as error:
            raise ResultsError(f"{path}: {error}") from error
        try:
            return cls._from(dict(values))
        except (KeyError, TypeError, ValueError) as error:
            raise ResultsError(f"{path}: this version cannot read the manifest: {error!r}") from error

    @classmethod
    def _from(cls, values: dict[str, Any]) -> Manifest:
        def files(name: str) -> tuple[File, ...]:
            return tuple(File(**entry) for entry in values.pop(name))

        features = values.pop("image_features", None)
        return cls(
            scenario=values.pop("scenario"),
            scenario_sha256=values.pop("scenario_sha256"),
            flora_version=values.pop("flora_version"),
            swift_version=values.pop("swift_version"),
            platform=values.pop("platform"),
            matrix_product_kernels=values.pop("matrix_product_kernels"),
            packed_products=values.pop("packed_products"),
            runtime=values.pop("runtime"),
            workers=values.pop("workers"),
            events=values.pop("events"),
            resumptions=values.pop("resumptions"),
            class_names=tuple(values.pop("class_names")),
            data_files=files("data_files"),
            model_files=files("model_files"),
            fleet_files=files("fleet_files"),
            result_key=values.pop("result_key"),
            started_at=datetime.datetime.fromisoformat(values.pop("started_at").replace("Z", "+00:00")),
            wall_time_s=float(values.pop("wall_time_s")),
            image_features=ImageFeatures(**features) if features else None,
            other=values,
        )
