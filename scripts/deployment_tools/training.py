"""The clients' training in PyTorch: transformers' CLIP with FLORA's LoRA or full fine-tuning.

A step encodes all images of the batch, and for each its prompt padded to the full context, like FLORA's published code and
flora's reference plan.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import CLIPModel, CLIPTokenizer

RANK, ALPHA = 2, 32
PROMPT = "a photo of a {}."
CLASSES = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
]
LEARNING_RATES = {"flora": 5e-4, "fedfft": 1e-3}
BATCH = 128


class LowRankLinear(nn.Module):
    """y = Wx + b + alpha * B A x, with W and b frozen."""

    def __init__(self, linear: nn.Linear):
        super().__init__()
        self.linear = linear
        self.a = nn.Parameter(torch.zeros(RANK, linear.in_features))
        self.b = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) + ALPHA * F.linear(F.linear(x, self.a), self.b)


@dataclass
class Batch:
    pixels: Tensor
    labels: Tensor


class Client:
    """A model, the parameters that `method` trains, and the class prompts."""

    def __init__(self, base: Path, method: str):
        self.model = CLIPModel.from_pretrained(
            base, dtype=torch.float32, attn_implementation="eager", local_files_only=True
        )
        self.base = base
        self.method = method
        self.model.train()
        if method == "flora":
            self.model.requires_grad_(False)
            for layer in self.model.text_model.encoder.layers:
                layer.self_attn.out_proj = LowRankLinear(layer.self_attn.out_proj)
        self.model.logit_scale.requires_grad_(False)
        self.trained = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.optimizer = self.new_optimizer()
        tokenizer = CLIPTokenizer.from_pretrained(base, local_files_only=True)
        tokens = tokenizer([PROMPT.format(name) for name in CLASSES]).input_ids
        context = self.model.config.text_config.max_position_embeddings
        end = self.model.config.text_config.eos_token_id
        self.prompts = torch.tensor([ids + [end] * (context - len(ids)) for ids in tokens])

    def new_optimizer(self) -> torch.optim.Adam:
        rate = LEARNING_RATES[self.method]
        return torch.optim.Adam(self.trained, lr=rate, betas=(0.9, 0.98), eps=1e-6, weight_decay=0)

    def warm_up(self, batch: Batch) -> None:
        """A step without side effects except PyTorch's one-time initialization; it takes twice as long as the others."""
        before = self.vector.clone()
        self.step(batch)
        self.optimizer = self.new_optimizer()
        self.vector = before

    @property
    def vector(self) -> Tensor:
        """All trained parameters in one vector."""
        return nn.utils.parameters_to_vector(self.trained).detach()

    @vector.setter
    def vector(self, vector: Tensor) -> None:
        nn.utils.vector_to_parameters(vector.clone(), self.trained)

    def step(self, batch: Batch) -> float:
        self.optimizer.zero_grad()
        logits = self.model(input_ids=self.prompts[batch.labels], pixel_values=batch.pixels).logits_per_image
        own = torch.arange(len(logits))
        loss = (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def pixels(self, images: Tensor) -> Tensor:
        """Grey byte images, [count][height][width], as model input."""
        config = json.loads((self.base / "preprocessor_config.json").read_text())
        mean, deviation = (torch.tensor(config[key]).view(3, 1, 1) for key in ("image_mean", "image_std"))
        grey = (images.float() / 255).unsqueeze(1).expand(-1, 3, -1, -1)
        return ((grey - mean) / deviation).contiguous()

    @torch.no_grad()
    def accuracy(self, images: Tensor, labels: Tensor) -> float:
        """The share of images whose nearest prompt is that of their own class."""
        self.model.eval()
        texts = F.normalize(self.model.text_projection(self.model.text_model(self.prompts).pooler_output), dim=-1)
        right = 0
        for start in range(0, len(labels), 500):
            vision = self.model.vision_model(self.pixels(images[start : start + 500])).pooler_output
            scores = F.normalize(self.model.visual_projection(vision), dim=-1) @ texts.T
            right += (scores.argmax(1) == labels[start : start + 500]).sum().item()
        self.model.train()
        return right / len(labels)


def synthetic_batch(client: Client, count: int = BATCH) -> Batch:
    """Noise with labels 0, 1, ..., 9, 0, ...: the cost of a step does not depend on the values."""
    generator = torch.Generator().manual_seed(0)
    side = client.model.config.vision_config.image_size
    images = torch.randint(0, 256, (count, side, side), dtype=torch.uint8, generator=generator)
    return Batch(client.pixels(images), torch.arange(count) % len(CLASSES))
