"""The methods that FLORA compares, applied to transformers' CLIP as in their published code.

Every class has `trained`, its trainable parameters, and `loss(images, prompts, labels)`.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import CLIPModel

from .shapes import CLASSES

TOWERS = {"text": ["text_model"], "vision": ["vision_model"], "both": ["text_model", "vision_model"]}
EVERY_MODULE = ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"]


class Method(nn.Module):
    """A fully frozen CLIP with its loss: contrastive, or classification over the prompts of all classes."""

    reads_prompts = True

    def __init__(self, clip: CLIPModel, loss: str):
        super().__init__()
        self.clip = clip
        self.contrastive = loss == "contrastive"
        clip.requires_grad_(False)

    @property
    def trained(self) -> list[nn.Parameter]:
        return [p for p in self.parameters() if p.requires_grad]

    def loss(self, images: Tensor, prompts: Tensor, labels: Tensor) -> Tensor:
        return self.compared(self.logits(images, prompts), labels)

    def logits(self, images: Tensor, prompts: Tensor) -> Tensor:
        return self.clip(input_ids=prompts, pixel_values=images).logits_per_image

    def compared(self, logits: Tensor, labels: Tensor) -> Tensor:
        if not self.contrastive:
            return F.cross_entropy(logits, labels)
        own = torch.arange(len(logits))
        return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2

    def cosines(self, images: Tensor, prompts: Tensor) -> Tensor:
        """Scaled cosines of features, as OpenAI's CLIP computes them."""
        images = images / images.norm(dim=1, keepdim=True)
        prompts = prompts / prompts.norm(dim=1, keepdim=True)
        return self.clip.logit_scale.exp() * images @ prompts.t()

    def image_features(self, images: Tensor) -> Tensor:
        return self.clip.get_image_features(images).pooler_output

    def prompt_features(self, prompts: Tensor) -> Tensor:
        return self.clip.get_text_features(prompts).pooler_output


class FullFineTuning(Method):
    """Trains every parameter except the logit scale."""

    def __init__(self, clip: CLIPModel, loss: str):
        super().__init__(clip, loss)
        clip.requires_grad_(True)
        clip.logit_scale.requires_grad_(False)


class Tuned(Method):
    """Chosen parameters of the CLIP itself."""

    def __init__(self, clip: CLIPModel, loss: str, chooses):
        super().__init__(clip, loss)
        for name, parameter in clip.named_parameters():
            parameter.requires_grad_(chooses(name))


class VisualPrompts(Method):
    """Eight learned tokens after the class token, at the input of the first block or of every block."""

    def __init__(self, clip: CLIPModel, loss: str, deep: bool):
        super().__init__(clip, loss)
        layers = clip.vision_model.encoder.layers[: None if deep else 1]
        width = clip.config.vision_config.hidden_size
        self.visual_prompts = nn.ParameterList(nn.Parameter(torch.zeros(8, width)) for _ in layers)
        for prompts, layer in zip(self.visual_prompts, layers):
            layer.register_forward_pre_hook(self.prompted(prompts, old=0 if layer is layers[0] else 8))

    def prompted(self, prompts: nn.Parameter, old: int):
        def hook(module, inputs):
            x = inputs[0]
            return (torch.cat([x[:, :1], prompts.expand(len(x), -1, -1), x[:, 1 + old :]], dim=1), *inputs[1:])

        return hook

    def logits(self, images: Tensor, prompts: Tensor) -> Tensor:
        return self.cosines(self.image_features(images), self.prompt_features(prompts))


class LowRankLinear(nn.Module):
    """y = W x + b + alpha * B A x, or with a core R, alpha * B R A x; W and b are frozen.

    part selects what is trained: both, a, b or core.
    """

    def __init__(self, linear: nn.Linear, rank: int, part: str):
        super().__init__()
        self.linear = linear
        self.a = nn.Parameter(torch.randn(rank, linear.in_features) / math.sqrt(rank), part in ("both", "a"))
        self.b = nn.Parameter(torch.zeros(linear.out_features, rank), part in ("both", "b"))
        self.core = nn.Parameter(torch.zeros(rank, rank)) if part == "core" else None

    def forward(self, x: Tensor) -> Tensor:
        reduced = F.linear(x, self.a)
        if self.core is not None:
            reduced = F.linear(reduced, self.core)
        return self.linear(x) + 32 * F.linear(reduced, self.b)


class LowRank(Method):
    """LoRA on linear layers of one or both towers, in FLORA's form."""

    def __init__(self, clip: CLIPModel, loss: str, tower: str, modules: list[str], rank: int, part: str = "both"):
        super().__init__(clip, loss)
        for name in TOWERS[tower]:
            for layer in getattr(clip, name).encoder.layers:
                for module in modules:
                    holder = layer.self_attn if hasattr(layer.self_attn, module) else layer.mlp
                    setattr(holder, module, LowRankLinear(getattr(holder, module), rank, part))


class ScaledLinear(nn.Module):
    """(IA)^3: y = l * (W x + b), or W (l * x) + b; W and b are frozen."""

    def __init__(self, linear: nn.Linear, before: bool):
        super().__init__()
        self.linear = linear
        self.before = before
        self.l = nn.Parameter(torch.ones(linear.in_features if before else linear.out_features))

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x * self.l) if self.before else self.linear(x) * self.l


class DecomposedLinear(nn.Module):
    """DoRA: y = m / |W + s B A| * (W x + s B A x) + b, with the norm outside the gradient."""

    def __init__(self, linear: nn.Linear, rank: int):
        super().__init__()
        self.linear = linear
        self.a = nn.Parameter(torch.randn(rank, linear.in_features) / math.sqrt(rank))
        self.b = nn.Parameter(torch.zeros(linear.out_features, rank))
        self.m = nn.Parameter(torch.ones(linear.out_features))

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            norm = (self.linear.weight + 32 * (self.b @ self.a)).norm(dim=1)
        reduced = F.linear(x, self.a)
        product = F.linear(x, self.linear.weight) + 32 * F.linear(reduced, self.b)
        return product * (self.m / norm) + self.linear.bias


class Wrapped(Method):
    """Linear layers of one or both towers, each replaced by `wrap(layer, name)`."""

    def __init__(self, clip: CLIPModel, loss: str, tower: str, modules: list[str], wrap):
        super().__init__(clip, loss)
        for name in TOWERS[tower]:
            for layer in getattr(clip, name).encoder.layers:
                for module in modules:
                    holder = layer.self_attn if hasattr(layer.self_attn, module) else layer.mlp
                    setattr(holder, module, wrap(getattr(holder, module), module))


def scaled(tower: str):
    return lambda clip, loss: Wrapped(
        clip, loss, tower, ["k_proj", "v_proj", "fc2"], lambda linear, name: ScaledLinear(linear, name == "fc2")
    )


def decomposed(tower: str, modules: list[str], rank: int):
    return lambda clip, loss: Wrapped(clip, loss, tower, modules, lambda linear, _: DecomposedLinear(linear, rank))


class Classifier(Method):
    """A linear classifier on normalized image features, alone or together with the vision model."""

    reads_prompts = False

    def __init__(self, clip: CLIPModel, loss: str, trains_vision: bool):
        super().__init__(clip, "classification")
        clip.vision_model.requires_grad_(trains_vision)
        self.head = nn.Linear(clip.projection_dim, CLASSES)

    def logits(self, images: Tensor, prompts: Tensor) -> Tensor:
        features = self.image_features(images)
        return self.head(features / features.norm(dim=1, keepdim=True))


class Adapted(Method):
    """A trained function of the image features before normalization."""

    adapter: nn.Module

    def logits(self, images: Tensor, prompts: Tensor) -> Tensor:
        features = self.image_features(images)
        texts = self.prompt_features(prompts)
        return self.cosines(self.mixed(features), texts)

    def mixed(self, features: Tensor) -> Tensor:
        raise NotImplementedError


class Gate(Adapted):
    """FedCLIP: softmax(W2 tanh(W1 x + b1) + b2) * x."""

    def __init__(self, clip: CLIPModel, loss: str):
        super().__init__(clip, loss)
        width = clip.projection_dim
        self.adapter = nn.Sequential(
            nn.Linear(width, width), nn.Tanh(), nn.Linear(width, width), nn.Softmax(dim=1)
        )

    def mixed(self, features: Tensor) -> Tensor:
        return torch.mul(self.adapter(features), features)


class Bottleneck(Adapted):
    """CLIP-Adapter: 0.2 relu(W2 relu(W1 x)) + 0.8 x."""

    def __init__(self, clip: CLIPModel, loss: str):
        super().__init__(clip, loss)
        width = clip.projection_dim
        self.adapter = nn.Sequential(
            nn.Linear(width, width // 4, bias=False),
            nn.ReLU(inplace=True),
            nn.Linear(width // 4, width, bias=False),
            nn.ReLU(inplace=True),
        )

    def mixed(self, features: Tensor) -> Tensor:
        ratio = 0.2
        return ratio * self.adapter(features) + (1 - ratio) * features


class Prompt(Method):
    """CoOp: learned vectors in place of four words' embeddings, the same in every prompt."""

    def __init__(self, clip: CLIPModel, loss: str):
        super().__init__(clip, loss)
        embeddings = clip.text_model.embeddings
        embeddings.token_embedding = LearnedContext(embeddings.token_embedding)

    def logits(self, images: Tensor, prompts: Tensor) -> Tensor:
        features = self.image_features(images)
        texts = self.prompt_features(prompts)
        return self.cosines(features, texts)


class LearnedContext(nn.Module):
    """Token embeddings with the words after the first token replaced by learned vectors."""

    WORDS = 4

    def __init__(self, embedding: nn.Embedding):
        super().__init__()
        self.embedding = embedding
        self.context = nn.Parameter(torch.zeros(self.WORDS, embedding.embedding_dim))

    def forward(self, tokens: Tensor) -> Tensor:
        words = self.embedding(tokens)
        context = self.context.expand(len(tokens), -1, -1)
        return torch.cat([words[:, :1], context, words[:, 1 + self.WORDS :]], dim=1)


def low_rank(tower: str, modules: list[str], rank: int, part: str = "both"):
    return lambda clip, loss: LowRank(clip, loss, tower, modules, rank, part)


METHODS = {
    "flora": low_rank("text", ["out_proj"], 2),
    "lora-text-output-r8": low_rank("text", ["out_proj"], 8),
    "lora-vision-output-r2": low_rank("vision", ["out_proj"], 2),
    "lora-both-output-r2": low_rank("both", ["out_proj"], 2),
    "lora-text-query-value-r4": low_rank("text", ["q_proj", "v_proj"], 4),
    "lora-both-all-r2": low_rank("both", EVERY_MODULE, 2),
    "lora-both-all-r16": low_rank("both", EVERY_MODULE, 16),
    "lora-text-perceptron-r4": low_rank("text", ["fc1", "fc2"], 4),
    "lora-text-output-r4-a": low_rank("text", ["out_proj"], 4, "a"),
    "lora-text-output-r4-b": low_rank("text", ["out_proj"], 4, "b"),
    "lora-text-output-r4-core": low_rank("text", ["out_proj"], 4, "core"),
    "lora-both-all-r4-b": low_rank("both", EVERY_MODULE, 4, "b"),
    "fedfft": FullFineTuning,
    "norm-vision-pre": lambda clip, loss: Tuned(clip, loss, lambda name: "pre_layrnorm" in name),
    "norm-both": lambda clip, loss: Tuned(clip, loss, lambda name: "norm" in name),
    "bias-both": lambda clip, loss: Tuned(clip, loss, lambda name: name.endswith(".bias")),
    "ia3-text": scaled("text"),
    "ia3-both": scaled("both"),
    "dora-text-output-r2": decomposed("text", ["out_proj"], 2),
    "dora-both-all-r2": decomposed("both", EVERY_MODULE, 2),
    "vpt-shallow": lambda clip, loss: VisualPrompts(clip, loss, deep=False),
    "vpt-deep": lambda clip, loss: VisualPrompts(clip, loss, deep=True),
    "fedlc": lambda clip, loss: Classifier(clip, loss, trains_vision=False),
    "fedvmlc": lambda clip, loss: Classifier(clip, loss, trains_vision=True),
    "fedaa": Gate,
    "fedca": Bottleneck,
    "fedprompt": Prompt,
}
"""Constructors from a CLIP and a loss. LoRA methods are named by tower, layers, rank and, if not both, the trained part."""
