"""Seconds per LoRA training step on noise, in a device's control group.

    python -m deployment_tools.calibration BASE GROUP STEPS
"""

import sys
import time
from pathlib import Path

import torch

from .processors import join
from .training import Client, synthetic_batch


def main() -> None:
    base, group, steps = sys.argv[1:]
    torch.set_num_threads(1)
    client = Client(Path(base), "flora")
    batch = synthetic_batch(client)
    client.warm_up(batch)
    join(group)
    start = time.monotonic()
    for _ in range(int(steps)):
        client.step(batch)
    print((time.monotonic() - start) / int(steps))


if __name__ == "__main__":
    main()
