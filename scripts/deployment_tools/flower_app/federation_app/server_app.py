"""The server's part: FedAvg over all clients, and the accuracy of each version on the test set."""

import json
from pathlib import Path

import numpy as np
from flwr.app import ArrayRecord, Context, MetricRecord
from flwr.serverapp import Grid, ServerApp
from flwr.serverapp.strategy import FedAvg

app = ServerApp()


@app.main()
def main(grid: Grid, context: Context) -> None:
    config = context.run_config
    folder, method, clients = Path(str(config["folder"])), str(config["method"]), int(config["clients"])
    strategy = FedAvg(
        fraction_train=1.0, fraction_evaluate=0.0, min_train_nodes=clients, min_available_nodes=clients
    )
    if method == "framing":
        start = np.random.default_rng(0).random(int(config["numbers"]), dtype=np.float32)
        evaluate = None
    else:
        start = np.load(folder / f"{method}-start.npy")
        evaluate = evaluation(folder, Path(str(config["base"])), method)
    strategy.start(grid, ArrayRecord([start]), num_rounds=int(config["rounds"]), evaluate_fn=evaluate)


def evaluation(folder: Path, base: Path, method: str):
    import torch

    from deployment_tools.training import Client

    client = Client(base, method)
    data = np.load(folder / "test.npz")
    images, labels = torch.from_numpy(data["images"]), torch.from_numpy(data["labels"])

    def evaluate(round_number: int, arrays: ArrayRecord) -> MetricRecord:
        [vector] = arrays.to_numpy_ndarrays()
        client.vector = torch.from_numpy(np.array(vector))
        accuracy = client.accuracy(images, labels)
        with (folder / "accuracy.jsonl").open("a") as log:
            print(json.dumps({"method": method, "round": round_number, "accuracy": accuracy}), file=log)
        return MetricRecord({"accuracy": accuracy})

    return evaluate
