"""The steps to measure."""

from dataclasses import dataclass

COLUMNS = [
    "shape", "method", "loss", "attention", "optimizer", "batch", "peak_bytes", "torch", "transformers",
]  # fmt: skip
STANDARD = [
    "flora", "lora-vision-output-r2", "lora-both-output-r2", "lora-both-all-r2", "fedfft", "fedlc", "fedvmlc", "fedaa",
    "fedca", "fedprompt", "norm-vision-pre", "norm-both", "bias-both", "vpt-shallow",
    "vpt-deep",
]  # fmt: skip
"""The methods of `flora model`."""
LATER = ["ia3-text", "ia3-both", "dora-text-output-r2", "dora-both-all-r2"]
"""Other changes of linear layers."""
OTHER_LORA = [
    "lora-text-output-r8", "lora-text-query-value-r4", "lora-both-all-r16", "lora-text-perceptron-r4",
    "lora-text-output-r4-a", "lora-text-output-r4-b", "lora-text-output-r4-core", "lora-both-all-r4-b",
]  # fmt: skip
"""Other ranks, as used by `dylora`'s classes; other layers; and parts of a LoRA that some aggregations train."""
ATTENTIONS = ["eager", "sdpa"]


@dataclass(frozen=True)
class Case:
    """Steps with the same model and optimizer."""

    shape: str
    method: str
    attention: str
    batches: tuple[int, ...]
    optimizer: str = "adam"
    loss: str = "contrastive"

    @property
    def names(self) -> list[str]:
        loss = "classification" if self.method in ("fedlc", "fedvmlc") else self.loss
        return [self.shape, self.method, loss, self.attention, self.optimizer]


def cases() -> list[Case]:
    """The cases whose live storages are counted, without computing anything."""
    found = []
    for shape in ["nano", "nano-gelu", "uneven", "small", "vit-b-32"]:
        batches = (1, 8, 32, 128) if shape in ("nano", "small", "vit-b-32") else (2, 16, 64)
        for attention in ATTENTIONS:
            found += [Case(shape, m, attention, batches) for m in STANDARD]
            if shape in ("nano", "uneven"):
                found += [Case(shape, m, attention, (4, 64)) for m in OTHER_LORA + LATER]
        if shape in ("nano", "uneven", "vit-b-32"):
            for optimizer in ["adamw", "sgd", "adam-without-decay"]:
                found += [Case(shape, m, "eager", (1, 32), optimizer) for m in STANDARD]
            for method in ["flora", "fedfft", "fedaa", "fedprompt"]:
                found.append(Case(shape, method, "eager", (1, 8, 128), loss="classification"))
    return found


def allocator_cases() -> list[Case]:
    """The cases computed with real tensors, to measure what counting storages omits."""
    found = []
    for attention in ATTENTIONS:
        found += [Case("nano", m, attention, (1, 8, 32)) for m in STANDARD]
        found += [Case("uneven", m, attention, (16,)) for m in STANDARD]
        found += [Case("small", m, attention, (8,)) for m in ["flora", "fedfft", "fedaa"]]
        found += [Case("vit-b-32", m, attention, (4,)) for m in ["flora", "fedfft", "fedaa"]]
    found += [Case("nano", m, "eager", (8,), o) for o in ["adamw", "sgd"] for m in ["flora", "fedfft"]]
    return found
