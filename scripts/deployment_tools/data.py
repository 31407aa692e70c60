"""The deployment's samples: those that flora draws for its scenario, written for each device."""

import gzip
from pathlib import Path

import numpy as np

from . import streams

FOLDER = Path("/usr/share/datasets/fashion-mnist")
"""The folder of Debian's package dataset-fashion-mnist, from which flora reads the files too."""


def write(folder: Path, devices: dict[str, int], rounds: int, train: int, test: int, batch: int, seed: int) -> None:
    """Writes NAME.npz for each device, test.npz, and flora-start.npy.

    `devices` maps each device's name to its number in flora's fleet. A device's file has its images, its labels, and for each
    round the indices of each batch's samples.
    """
    images = np.concatenate([read(f"{part}-images-idx3-ubyte", 16).reshape(-1, 28, 28) for part in ("train", "t10k")])
    labels = np.concatenate([read(f"{part}-labels-idx1-ubyte", 8) for part in ("train", "t10k")])
    shards, tested = streams.split(labels.tolist(), train, test, len(devices), seed)
    for name, number in devices.items():
        shard = shards[number]
        place = {sample: index for index, sample in enumerate(shard)}
        orders = {}
        for round_number in range(1, rounds + 1):
            drawn = streams.batches(shard, batch, number, round_number, seed)
            if len(drawn[-1]) != batch:
                raise ValueError(f"{len(shard)} samples of {name} are not a whole number of batches of {batch}")
            orders[f"batches_{round_number}"] = np.array([[place[sample] for sample in part] for part in drawn])
        np.savez(folder / f"{name}.npz", images=images[shard], labels=labels[shard].astype(np.int64), **orders)
    np.savez(folder / "test.npz", images=images[tested], labels=labels[tested].astype(np.int64))


def read(name: str, header: int) -> np.ndarray:
    """The bytes of an IDX file after its header."""
    plain = FOLDER / name
    packed = plain.with_name(name + ".gz")
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else plain.read_bytes()
    return np.frombuffer(content, np.uint8, offset=header)
