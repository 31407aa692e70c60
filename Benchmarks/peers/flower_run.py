"""Measures the federation of `scenarios/ten-iid-clients.yaml` in Flower's simulation engine.

    python flower_run.py BENCHMARK IMPLEMENTATION [--repeats N]
    python flower_run.py --list

The clients train as a careful user would write it: image features are computed once, the distinct
prompts are encoded once a step, and one process per core has one thread. `flower-cold` includes the
features, `flower-warm` reads them from a file. The CSV rows have the format of `measure.py`; the
time is that of a whole process, like that of `flora run`. The last accuracy goes to standard error.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ |= {
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DEDUP_LOGS": "0",
    "FLWR_TELEMETRY_ENABLED": "0",
    "FLWR_DISABLE_UPDATE_CHECK": "1",
}
ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "Sources/BaseModels/Models/nano"
DATA = Path("/usr/share/datasets/fashion-mnist")
"""The folder of Debian's package dataset-fashion-mnist, from which flora reads the files too."""
BENCHMARK, COLD, WARM = "run/ten-iid-clients", "flower-cold", "flower-warm"
CLIENTS, ROUNDS, BATCH, LEARNING_RATE = 10, 3, 128, 5e-4
"""As in the scenario."""
NAMES = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
]  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmark", nargs="?", choices=[BENCHMARK])
    parser.add_argument("implementation", nargs="?", choices=[COLD, WARM])
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--run", type=Path, help="run once, with the features in this file")
    options = parser.parse_args()
    if options.list:
        for implementation in (COLD, WARM):
            print(BENCHMARK, implementation)
        return
    if options.run:
        run(options.run)
        return
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "features.npz"
        if options.implementation == WARM:
            measure(kept)
        for _ in range(options.repeats):
            if options.implementation == COLD:
                kept.unlink(missing_ok=True)
            milliseconds = measure(kept)
            row = f"{os.cpu_count()},1,{milliseconds:.1f},,"
            print(f"{options.benchmark},{options.implementation},{row}", flush=True)


def measure(features: Path) -> float:
    """The milliseconds of one run in a process of its own."""
    start = time.perf_counter()
    subprocess.run([sys.executable, __file__, "--run", features], check=True, stdout=subprocess.DEVNULL)
    return 1e3 * (time.perf_counter() - start)


def run(features: Path):
    if not features.exists():
        compute_features(features)
    federate(features)


def compute_features(file: Path):
    """Writes the features and labels of all images, training images first."""
    import numpy
    import torch
    import torch.nn.functional as F
    from transformers import CLIPModel

    model = CLIPModel.from_pretrained(BASE, local_files_only=True).eval()
    config = json.loads((BASE / "preprocessor_config.json").read_text())
    mean, deviation = (torch.tensor(config[key]).view(3, 1, 1) for key in ("image_mean", "image_std"))
    images = [read(f"{part}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28) for part in ("train", "t10k")]
    labels = [read(f"{part}-labels-idx1-ubyte", 8) for part in ("train", "t10k")]
    pixels, features = torch.from_numpy(numpy.concatenate(images)), []
    with torch.no_grad():
        for batch in pixels.split(512):
            normalized = ((batch.float() / 255).expand(-1, 3, -1, -1) - mean) / deviation
            pooled = model.vision_model(normalized).pooler_output
            features.append(F.normalize(model.visual_projection(pooled), dim=-1))
    numpy.savez(
        file, features=torch.cat(features).numpy(), labels=numpy.concatenate(labels).astype(numpy.int64)
    )


def read(name: str, header: int):
    """The bytes of an IDX file after its header."""
    import numpy

    plain = DATA / name
    packed = plain.with_name(name + ".gz")
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else plain.read_bytes()
    return numpy.frombuffer(content, numpy.uint8, offset=header).copy()


def federate(file: Path):
    import numpy
    from flwr.app import ArrayRecord, Context, MetricRecord
    from flwr.clientapp import ClientApp
    from flwr.serverapp import Grid, ServerApp
    from flwr.serverapp.strategy import FedAvg
    from flwr.simulation import run_simulation

    folder = str(Path(__file__).parent)
    client_app, server_app = ClientApp(), ServerApp()

    @client_app.train()
    def train(message, context: Context):
        # Runs in a process of Ray, which does not know this folder.
        import sys

        if folder not in sys.path:
            sys.path.insert(0, folder)
        from flower_client import answer

        return answer(message, context, str(file))

    @server_app.main()
    def serve(grid: Grid, context: Context) -> None:
        sys.path.insert(0, folder)
        from flower_client import Client

        client = Client(str(file))

        def evaluate(round_number: int, arrays: ArrayRecord) -> MetricRecord:
            client.vector = arrays.to_numpy_ndarrays()[0]
            accuracy = client.accuracy()
            print(f"round {round_number}: {accuracy:.4f}", file=sys.stderr, flush=True)
            return MetricRecord({"accuracy": accuracy})

        strategy = FedAvg(
            fraction_train=1.0, fraction_evaluate=0.0, min_train_nodes=CLIENTS, min_available_nodes=CLIENTS
        )
        start = ArrayRecord([numpy.array(client.vector)])
        strategy.start(grid, start, num_rounds=ROUNDS, evaluate_fn=evaluate)

    cores = os.cpu_count()
    run_simulation(
        server_app,
        client_app,
        num_supernodes=CLIENTS,
        backend_config={"client_resources": {"num_cpus": 1}, "init_args": {"num_cpus": cores}},
    )


if __name__ == "__main__":
    main()
