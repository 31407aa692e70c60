"""Checks that both PyTorch versions of a FLORA step compute the same loss and the same gradients.

    python check.py
"""

import sys

import torch
import torch.nn.functional as F

from hand_optimised import HandOptimisedStep
from paper import PaperStep
from shapes import SHAPES, batch

TOLERANCE = 1e-3
"""Relative to the largest gradient; float32 sums are computed in a different order."""


def main():
    shape = SHAPES["nano"]
    full = batch(shape)
    paper = PaperStep(shape, "flora")
    with torch.no_grad():
        for factor in paper.trained:
            factor.copy_(0.05 * torch.randn_like(factor))
        features = paper.model.visual_projection(
            paper.model.vision_model(full.pixels).pooler_output
        )
    for fused_attention in (True, False):
        twin = HandOptimisedStep(shape, F.normalize(features, dim=-1), fused_attention)
        with torch.no_grad():
            for factor, other in zip(twin.trained, paper.trained, strict=True):
                factor.copy_(other)
        compare(paper, twin, full)


def compare(paper: PaperStep, twin: HandOptimisedStep, full):
    losses = [step.loss(full) for step in (paper, twin)]
    for step, loss in zip((paper, twin), losses):
        step.optimizer.zero_grad()
        loss.backward()
    expected, actual = (torch.cat([f.grad.flatten() for f in s.trained]) for s in (paper, twin))
    error = ((actual - expected).abs().max() / expected.abs().max()).item()
    if error > TOLERANCE or abs(losses[0] - losses[1]) > TOLERANCE:
        sys.exit(f"the versions differ: losses {losses}, gradients by {error:.1e}")


if __name__ == "__main__":
    main()
