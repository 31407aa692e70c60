"""Steps with bfloat16 autocast, low-precision frozen bases, checkpointed blocks and micro-batches.

Writes the peak live bytes and the floating-point operations of these steps:
    PYTHONPATH=scripts python -m memory_tools.techniques --out Tests/Fixtures/memory/techniques.csv
"""

import argparse
import csv
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
import transformers
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode

from .frozen import hold
from .methods import METHODS, Adapted, Classifier, Method
from .plan import COLUMNS
from .shapes import SHAPES
from .steps import Training, batch


@dataclass(frozen=True)
class Technique:
    precision: str = "float32"
    base_precision: str = "float32"
    checkpointing: str = "none"
    micro_batch: int = 0
    """Images per micro-batch; 0 for the whole batch at once."""


class TechniqueTraining(Training):
    def __init__(self, method: Method, optimizer: str, first, technique: Technique):
        self.technique = technique
        super().__init__(method, optimizer, first)

    def computing(self):
        """Enters autocast for each forward pass: its cache of cast weights ends with it."""
        if self.technique.precision == "float32":
            return nullcontext()
        return torch.autocast("cpu", dtype=torch.bfloat16)

    def step(self, data: tuple[Tensor, Tensor, Tensor]):
        self.optimizer.zero_grad()
        if self.technique.micro_batch == 0:
            with self.computing():
                loss = self.method.loss(*data)
            loss.backward()
        elif self.method.contrastive:
            self.cached_gradients(data)
        else:
            self.accumulated(data)
        self.optimizer.step()

    def tower(self, name: str):
        """A tower with its projection, and whether any of its parameters is trained."""
        clip, method = self.method.clip, self.method
        if name == "text":
            run, modules = method.prompt_features, [clip.text_model, clip.text_projection]
        else:
            run, modules = method.image_features, [clip.vision_model, clip.visual_projection]

        def features(piece: Tensor) -> Tensor:
            with self.computing():
                return run(piece)

        return features, any(p.requires_grad for m in modules for p in m.parameters())

    def first_pass(self, name: str, inputs: Tensor) -> tuple[Tensor, bool]:
        """The features of all micro-batches, and whether a second pass is required."""
        features, trained = self.tower(name)
        pieces = inputs.split(self.technique.micro_batch)
        if len(pieces) == 1:
            return features(pieces[0]), False
        with torch.no_grad():
            found = torch.cat([features(piece) for piece in pieces])
        return found.requires_grad_(trained), trained

    def second_pass(self, name: str, inputs: Tensor, gradient: Tensor):
        features, _ = self.tower(name)
        size = self.technique.micro_batch
        for piece, part in zip(inputs.split(size), gradient.split(size)):
            features(piece).backward(part)

    def scores(self, images: Tensor, prompts: Tensor | None) -> Tensor:
        method = self.method
        if isinstance(method, Classifier):
            return method.head(images / images.norm(dim=1, keepdim=True))
        if isinstance(method, Adapted):
            images = method.mixed(images)
        return method.cosines(images, prompts)

    def cached_gradients(self, data: tuple[Tensor, Tensor, Tensor]):
        """GradCache (arXiv 2101.06983); a tower with a single micro-batch is recorded directly."""
        images, prompts, labels = data
        image_gradient, text_gradient = self.feature_gradients(images, prompts, labels)
        if text_gradient is not None:
            self.second_pass("text", prompts, text_gradient)
        del text_gradient
        if image_gradient is not None:
            self.second_pass("vision", images, image_gradient)

    def feature_gradients(self, images: Tensor, prompts: Tensor, labels: Tensor):
        z, image_again = self.first_pass("vision", images)
        t, text_again = self.first_pass("text", prompts)
        with self.computing():
            loss = self.method.compared(self.scores(z, t), labels)
        loss.backward()
        return (z.grad if image_again else None), (t.grad if text_again else None)

    def accumulated(self, data: tuple[Tensor, Tensor, Tensor]):
        """For a loss that is a mean over images: accumulates gradients over micro-batches."""
        images, prompts, labels = data
        size = self.technique.micro_batch
        recorded, leaf, again = None, None, False
        if self.method.reads_prompts:
            recorded, again = self.first_pass("text", prompts)
            _, trained = self.tower("text")
            leaf = recorded.detach().requires_grad_(trained)
        for piece, own in zip(images.split(size), labels.split(size)):
            self.piece(piece, own, leaf, len(piece) / len(images))
        if leaf is None or leaf.grad is None:
            return
        if again:
            self.second_pass("text", prompts, leaf.grad)
        else:
            recorded.backward(leaf.grad)

    def piece(self, images: Tensor, labels: Tensor, prompts: Tensor | None, share: float):
        with self.computing():
            features = self.method.image_features(images)
            loss = self.method.compared(self.scores(features, prompts), labels) * share
        loss.backward()


def checkpoint_blocks(clip: transformers.CLIPModel):
    """Like gradient_checkpointing_enable, but without its hooks, which make embeddings require gradients.

    With them (transformers 5.24), a backward pass would run through a frozen tower.
    """
    for tower in (clip.text_model, clip.vision_model):
        for layer in tower.encoder.layers:
            layer.gradient_checkpointing = True
            layer._gradient_checkpointing_func = partial(checkpoint, use_reentrant=False)


@dataclass(frozen=True)
class Case:
    shape: str
    method: str
    attention: str
    batches: tuple[int, ...]
    technique: Technique
    loss: str = "contrastive"

    def run(self) -> TechniqueTraining:
        torch.manual_seed(0)
        shape = SHAPES[self.shape]
        clip = shape.model(self.attention)
        if self.technique.checkpointing == "blocks":
            checkpoint_blocks(clip)
        method = METHODS[self.method](clip, self.loss)
        hold(method, self.technique.base_precision)
        return TechniqueTraining(method.train(), "adam", batch(shape, 2, method), self.technique)


PLAIN = Technique()
BFLOAT16 = Technique(precision="bfloat16")
BLOCKS = Technique(checkpointing="blocks")
PIECES = Technique(micro_batch=8)
ALONE = [
    PLAIN, BFLOAT16, BLOCKS, PIECES,
    *(Technique(base_precision=base) for base in ("bfloat16", "int8", "nf4")),
]  # fmt: skip
COMBINED = [
    Technique(precision="bfloat16", checkpointing="blocks"),
    Technique(precision="bfloat16", base_precision="bfloat16"),
    Technique(precision="bfloat16", base_precision="nf4"),
    Technique("bfloat16", "nf4", "blocks", 8),
    Technique(base_precision="int8", checkpointing="blocks"),
    Technique(checkpointing="blocks", micro_batch=8),
    Technique(precision="bfloat16", micro_batch=8),
]
OTHERS = [
    "lora-vision-output-r2", "lora-both-output-r2", "lora-both-all-r2", "fedlc", "fedvmlc", "fedaa", "fedca", "fedprompt",
]  # fmt: skip


def trains_everything(case: Case) -> bool:
    return case.method == "fedfft"


def cases() -> list[Case]:
    techniques = ALONE + COMBINED
    main = ["flora", "fedfft"]
    found = [Case("nano", m, "eager", (8, 32, 128), t) for t in techniques for m in main]
    found += [Case("vit-b-32", m, "eager", (32,), t) for t in techniques for m in main]
    found += [Case("nano", m, "sdpa", (32,), t) for t in techniques for m in main]
    for method in [*main, "fedca"]:
        found += [Case("nano", method, "eager", (32,), t, "classification") for t in (PLAIN, PIECES)]
    found += [Case("nano", m, "eager", (32,), t) for m in OTHERS for t in ALONE]
    found += [Case("vit-b-32", m, "sdpa", (32,), t) for t in ALONE[:4] + COMBINED[:4] for m in main]
    # Only a scalar is frozen there.
    return [c for c in found if not (trains_everything(c) and c.technique.base_precision != "float32")]


def measured(case: Case):
    with FakeTensorMode():
        run = case.run()
        for size in case.batches:
            data = batch(SHAPES[case.shape], size, run.method)
            # Not in one step: the counter raises the peak, by a third with recomputed blocks.
            peak, place = run.peak(data)
            with FlopCounterMode(display=False) as counter:
                run.step(data)
            yield size, peak, place, counter.get_total_flops()


def main():
    parser = argparse.ArgumentParser(prog="memory_tools.techniques")
    parser.add_argument("--shape", action="append", choices=list(SHAPES), help="only these shapes")
    parser.add_argument("--start", type=int, default=1, help="number of the first case to run; rows are appended")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    chosen = [c for c in cases() if arguments.shape is None or c.shape in arguments.shape]
    versions = [torch.__version__.split("+")[0], transformers.__version__]
    settings = ["precision", "base_precision", "checkpointing", "micro_batch", "flops"]
    with arguments.out.open("w" if arguments.start == 1 else "a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if arguments.start == 1:
            writer.writerow([*COLUMNS[:-2], *settings, *COLUMNS[-2:]])
        for number, case in list(enumerate(chosen, 1))[arguments.start - 1 :]:
            print(f"{number} of {len(chosen)}: {case}", file=sys.stderr, flush=True)
            t = case.technique
            loss = "classification" if case.method in ("fedlc", "fedvmlc") else case.loss
            names = [case.shape, case.method, loss, case.attention, "adam"]
            for size, peak, place, flops in measured(case):
                print(f"  {size}: {peak} at {place}, {flops}", file=sys.stderr, flush=True)
                writer.writerow(
                    [*names, size, peak, t.precision, t.base_precision, t.checkpointing, t.micro_batch, flops, *versions]
                )
            file.flush()


if __name__ == "__main__":
    main()
