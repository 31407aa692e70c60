"""The peak memory of a device's steps, measured on those of its first round.

    python -m deployment_tools.peaks BASE FOLDER DEVICE METHOD
"""

import sys
from pathlib import Path

import numpy as np
import torch

from .memory import peak
from .training import Batch, Client


def main() -> None:
    base, folder, device, method = sys.argv[1:]
    client = Client(Path(base), method)
    client.vector = torch.from_numpy(np.load(Path(folder) / f"{method}-start.npy"))
    data = np.load(Path(folder) / f"{device}.npz")
    images, labels = torch.from_numpy(data["images"]), torch.from_numpy(data["labels"])
    batches = [Batch(client.pixels(images[places]), labels[places]) for places in data["batches_1"]]
    print(peak(client, batches))


if __name__ == "__main__":
    main()
