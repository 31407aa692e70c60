"""A client of `flower_run.py`: FLORA's step optimised by hand, on image features from a file."""

import math

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import CLIPModel, CLIPTokenizer

from flower_run import BASE, BATCH, CLIENTS, LEARNING_RATE, NAMES
from hand_optimised import TextEncoder, contrastive
from paper import adapt_text_outputs

TRAINING_IMAGES = 56_000
"""As many as the scenario has; the other 14,000 are for tests."""


class Client:
    """The model, the parameters that are trained, and everybody's features."""

    def __init__(self, file: str):
        torch.manual_seed(0)
        data = numpy.load(file)
        # flora draws test images from all images too.
        order = torch.randperm(len(data["labels"]), generator=torch.Generator().manual_seed(3))
        self.features = torch.from_numpy(data["features"])[order]
        self.labels = torch.from_numpy(data["labels"])[order]
        model = CLIPModel.from_pretrained(BASE, local_files_only=True)
        tokenizer = CLIPTokenizer.from_pretrained(BASE, local_files_only=True)
        tokens = tokenizer([f"a photo of a {name}." for name in NAMES]).input_ids
        self.ends = torch.tensor([len(ids) - 1 for ids in tokens])
        longest = max(map(len, tokens))
        # What follows a text's end changes nothing before it.
        self.prompts = torch.tensor([ids + [ids[-1]] * (longest - len(ids)) for ids in tokens])
        adapt_text_outputs(model)
        self.encoder = PaddedTextEncoder(model, self.ends)
        self.scale = model.logit_scale.detach().exp()
        self.trained = [p for p in model.parameters() if p.requires_grad]

    @property
    def vector(self) -> numpy.ndarray:
        """All trained parameters in one vector."""
        return nn.utils.parameters_to_vector(self.trained).detach().numpy()

    @vector.setter
    def vector(self, vector: numpy.ndarray):
        nn.utils.vector_to_parameters(torch.from_numpy(numpy.array(vector)), self.trained)

    def texts(self) -> Tensor:
        return F.normalize(self.encoder(self.prompts), dim=-1)

    def train(self, samples: Tensor) -> float:
        """One epoch on these samples; returns the mean loss."""
        optimizer = torch.optim.Adam(self.trained, lr=LEARNING_RATE, betas=(0.9, 0.98), eps=1e-6, fused=True)
        losses = []
        for batch in samples[torch.randperm(len(samples))].split(BATCH):
            optimizer.zero_grad()
            logits = self.scale * self.features[batch] @ self.texts().T
            loss = contrastive(logits, self.labels[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return math.fsum(losses) / len(losses)

    @torch.no_grad()
    def accuracy(self) -> float:
        """The share of test images whose nearest prompt is that of their own class."""
        nearest = (self.features[TRAINING_IMAGES:] @ self.texts().T).argmax(1)
        return (nearest == self.labels[TRAINING_IMAGES:]).double().mean().item()


class PaddedTextEncoder(TextEncoder):
    """For texts of different lengths, of which each has its own end."""

    def __init__(self, model: CLIPModel, ends: Tensor):
        super().__init__(model, fused_attention=True)
        self.rows, self.ends = torch.arange(len(ends)), ends

    def __call__(self, tokens: Tensor) -> Tensor:
        x = self.embeddings(tokens)
        for layer in self.layers:
            x = layer(x)
        return self.projection(self.final_norm(x[self.rows, self.ends]))


clients: dict[str, Client] = {}
"""The client of this process, which all simulated clients of the process use."""


def answer(message, context, file: str):
    """Trains on the share of the client that the message is for."""
    from flwr.app import ArrayRecord, Message, MetricRecord, RecordDict

    torch.set_num_threads(1)
    client = clients.get(file) or clients.setdefault(file, Client(file))
    number = int(context.node_config["partition-id"])
    round_number = int(message.content["config"]["server-round"])
    order = torch.randperm(TRAINING_IMAGES, generator=torch.Generator().manual_seed(3))
    samples = order[number::CLIENTS]
    client.vector = message.content["arrays"].to_numpy_ndarrays()[0]
    torch.manual_seed(1000 * round_number + number)
    loss = client.train(samples)
    content = RecordDict(
        {
            "arrays": ArrayRecord([client.vector]),
            "metrics": MetricRecord({"num-examples": len(samples), "loss": loss}),
        }
    )
    return Message(content=content, reply_to=message)
