"""Writes the initial vectors of the methods: flora-start.npy and fedfft-start.npy.

    python -m deployment_tools.starting_points BASE FOLDER SEED
"""

import sys
from pathlib import Path

import numpy as np
import torch

from .streams import lora_start
from .training import RANK, Client


def main() -> None:
    base, folder, seed = sys.argv[1:]
    for method in ("flora", "fedfft"):
        client = Client(Path(base), method)
        if method == "flora":
            layers = [layer.self_attn.out_proj for layer in client.model.text_model.encoder.layers]
            width = layers[0].linear.in_features
            factors = torch.tensor(lora_start(len(layers), RANK, width, int(seed))).view(len(layers), RANK, width)
            with torch.no_grad():
                for layer, factor in zip(layers, factors):
                    layer.a.copy_(factor)
        np.save(Path(folder) / f"{method}-start.npy", client.vector.numpy())


if __name__ == "__main__":
    main()
