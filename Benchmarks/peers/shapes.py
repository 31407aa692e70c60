"""The models and the batch used to measure every implementation.

Weights and pixels are random: the cost of a step does not depend on them.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import CLIPConfig, CLIPModel

BATCH = 128
CLASSES = 10
RANK = 2
ALPHA = 32


@dataclass(frozen=True)
class Shape:
    """The sizes of a CLIP. Heads have width 64, and MLPs four times the width of their tower."""

    layers: int
    text_width: int
    vision_width: int
    projection: int
    context: int
    vocabulary: int
    image: int
    patch: int

    def model(self) -> CLIPModel:
        """transformers' CLIP of this shape, with random weights."""
        torch.manual_seed(0)
        text = tower(self.layers, self.text_width) | {
            "vocab_size": self.vocabulary,
            "max_position_embeddings": self.context,
            "bos_token_id": self.vocabulary - 2,
            "eos_token_id": self.vocabulary - 1,
            "pad_token_id": self.vocabulary - 1,
        }
        vision = tower(self.layers, self.vision_width) | {
            "image_size": self.image,
            "patch_size": self.patch,
        }
        config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=self.projection)
        return CLIPModel(config)


def tower(layers: int, width: int) -> dict:
    return {
        "hidden_size": width,
        "intermediate_size": 4 * width,
        "num_hidden_layers": layers,
        "num_attention_heads": width // 64,
        "hidden_act": "quick_gelu",
    }


SHAPES = {
    "nano": Shape(4, 128, 128, 128, 32, 884, 28, 7),
    "small": Shape(6, 192, 192, 192, 32, 884, 32, 4),
    "vit-b-32": Shape(12, 512, 768, 512, 77, 49408, 224, 32),
}


@dataclass(frozen=True)
class Batch:
    pixels: Tensor
    labels: Tensor
    prompts: Tensor

    def resized(self, images: int) -> "Batch":
        """A batch of the first images only."""
        return Batch(self.pixels[:images], self.labels[:images], self.prompts)


def batch(shape: Shape) -> Batch:
    """Images with labels 0, 1, ..., 9, 0, ..., and the prompt of each class, not padded.

    A prompt has eight tokens: begin, "a photo of a", the class, ".", end. The first five are shared
    by all classes.
    """
    generator = torch.Generator().manual_seed(1)
    pixels = torch.randn(BATCH, 3, shape.image, shape.image, generator=generator)
    begin, end = shape.vocabulary - 2, shape.vocabulary - 1
    a, photo, of, point = 1, 2, 3, 4
    prompts = [[begin, a, photo, of, a, 10 + label, point, end] for label in range(CLASSES)]
    return Batch(pixels, torch.arange(BATCH) % CLASSES, torch.tensor(prompts))
