"""The CLIP shapes to measure, as transformers builds them."""

from dataclasses import dataclass

from transformers import CLIPConfig, CLIPModel

CLASSES = 10
"""The number of classes, and so of prompts in a classification."""


@dataclass(frozen=True)
class Tower:
    width: int
    perceptron: int
    layers: int
    heads: int

    def settings(self, activation: str) -> dict:
        return {
            "hidden_size": self.width,
            "intermediate_size": self.perceptron,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "hidden_act": activation,
        }


@dataclass(frozen=True)
class Shape:
    text: Tower
    vision: Tower
    projection: int
    vocabulary: int
    context: int
    image: int
    patch: int
    activation: str = "quick_gelu"

    def model(self, attention: str) -> CLIPModel:
        """transformers' CLIP with random weights; attention is eager or sdpa."""
        text = self.text.settings(self.activation) | {
            "vocab_size": self.vocabulary,
            "max_position_embeddings": self.context,
            "bos_token_id": self.vocabulary - 2,
            "eos_token_id": self.vocabulary - 1,
            "pad_token_id": self.vocabulary - 1,
        }
        vision = self.vision.settings(self.activation) | {
            "image_size": self.image,
            "patch_size": self.patch,
        }
        config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=self.projection)
        config._attn_implementation = attention
        return CLIPModel(config)


SHAPES = {
    # The bundled base.
    "nano": Shape(
        Tower(128, 512, 4, 2), Tower(128, 512, 4, 2), 128, 2048, 32, image=28, patch=7
    ),
    "nano-gelu": Shape(
        Tower(128, 512, 4, 2), Tower(128, 512, 4, 2), 128, 2048, 32, 28, 7, activation="gelu"
    ),
    # Towers that differ in all dimensions.
    "uneven": Shape(
        Tower(96, 200, 3, 4), Tower(160, 512, 5, 5), 72, 500, 20, image=48, patch=8
    ),
    "small": Shape(
        Tower(192, 768, 6, 3), Tower(192, 768, 6, 3), 192, 884, 32, image=32, patch=4
    ),
    # openai/clip-vit-base-patch32.
    "vit-b-32": Shape(
        Tower(512, 2048, 12, 8), Tower(768, 3072, 12, 12), 512, 49408, 77, image=224, patch=32
    ),
}
