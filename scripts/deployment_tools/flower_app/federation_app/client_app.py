"""A device's part of a round: trains the received model on its own samples.

For the method `framing` it returns the same count of different numbers, so that messages can be measured without training;
Flower would not send data again that the server already has.
"""

import json
import time
from pathlib import Path

import numpy as np
from flwr.app import ArrayRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp

from deployment_tools.processors import join

app = ClientApp()


@app.train()
def train(message: Message, context: Context) -> Message:
    method = str(context.run_config["method"])
    folder = Path(str(context.run_config["folder"]))
    device = str(context.node_config["device"])
    round_number = int(message.content["config"]["server-round"])
    [vector] = message.content["arrays"].to_numpy_ndarrays()
    if method == "framing":
        own = float(sum(device.encode()))
        vector, metrics = vector + np.float32(own), {"num-examples": 1, "loss": own}
    else:
        vector, metrics = trained(vector, context, folder, device, method, round_number)
    content = RecordDict({"arrays": ArrayRecord([vector]), "metrics": MetricRecord(metrics)})
    return Message(content=content, reply_to=message)


def trained(vector, context: Context, folder: Path, device: str, method: str, round_number: int):
    import torch

    from deployment_tools.training import Batch, Client, synthetic_batch

    torch.set_num_threads(1)
    client = Client(Path(str(context.run_config["base"])), method)
    client.vector = torch.from_numpy(np.array(vector))
    data = np.load(folder / f"{device}.npz")
    pixels, labels = client.pixels(torch.from_numpy(data["images"])), torch.from_numpy(data["labels"])
    client.warm_up(synthetic_batch(client))
    # Starting a program is not training; the device's share of a core applies from here on.
    start_up = time.process_time()
    join(str(context.node_config["group"]))
    start, used = time.monotonic_ns(), time.process_time_ns()
    losses, ends = [], []
    for places in data[f"batches_{round_number}"]:
        losses.append(client.step(Batch(pixels[places], labels[places])))
        ends.append(time.monotonic_ns())
    end, used = time.monotonic_ns(), time.process_time_ns() - used
    entry = {
        "device": device, "method": method, "round": round_number, "start": start, "end": end, "losses": losses,
        "start_up_core_seconds": start_up, "core_share": used / (end - start),
        "step_seconds": [(after - before) / 1e9 for before, after in zip([start, *ends], ends)],
    }
    with (folder / f"{device}-training.jsonl").open("a") as log:
        print(json.dumps(entry), file=log)
    metrics = {"num-examples": len(labels), "loss": float(np.mean(losses))}
    return client.vector.numpy(), metrics
