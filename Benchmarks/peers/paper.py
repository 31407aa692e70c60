"""A step as in FLORA's published code.

All images of the batch, and for each its prompt padded to the full context, pass through both towers
of transformers' CLIP at every step; autograd computes the gradients.
"""

import math
from contextlib import nullcontext

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import CLIPModel

from shapes import ALPHA, RANK, Batch, Shape


class LowRankLinear(nn.Module):
    """y = Wx + b + alpha * B A x, with W and b frozen."""

    def __init__(self, linear: nn.Linear):
        super().__init__()
        self.linear = linear
        self.a = nn.Parameter(torch.randn(RANK, linear.in_features) / math.sqrt(RANK))
        self.b = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) + ALPHA * F.linear(F.linear(x, self.a), self.b)


class Step:
    """The gradients of a loss on a batch, and an optimizer step with them."""

    optimizer: torch.optim.Optimizer

    def __call__(self, batch: Batch) -> float:
        self.optimizer.zero_grad()
        loss = self.loss(batch)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def loss(self, batch: Batch) -> Tensor:
        raise NotImplementedError


class PaperStep(Step):
    """One step of `method`, flora or fedfft, on a batch."""

    def __init__(self, shape: Shape, method: str, bfloat16: bool = False):
        self.shape = shape
        self.bfloat16 = bfloat16
        self.model = shape.model()
        if method == "flora":
            adapt_text_outputs(self.model)
        self.model.logit_scale.requires_grad_(False)
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = adam(self.trained)

    def loss(self, batch: Batch) -> Tensor:
        prompts = padded(batch.prompts, self.shape)[batch.labels]
        precision = torch.autocast("cpu", torch.bfloat16) if self.bfloat16 else nullcontext()
        with precision:
            logits = self.model(input_ids=prompts, pixel_values=batch.pixels).logits_per_image
        own = torch.arange(len(logits))
        return (F.cross_entropy(logits.float(), own) + F.cross_entropy(logits.float().T, own)) / 2


def adapt_text_outputs(model: CLIPModel):
    """Freezes everything and adds LoRA to the output projection of every text layer."""
    model.requires_grad_(False)
    for layer in model.text_model.encoder.layers:
        layer.self_attn.out_proj = LowRankLinear(layer.self_attn.out_proj)


def padded(prompts: Tensor, shape: Shape) -> Tensor:
    """The prompts, padded to the full context with end tokens as CLIP's tokenizer does."""
    end = shape.vocabulary - 1
    return F.pad(prompts, (0, shape.context - prompts.shape[1]), value=end)


def adam(parameters: list[nn.Parameter], **options) -> torch.optim.Adam:
    return torch.optim.Adam(
        parameters, lr=5e-5, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.2, **options
    )
