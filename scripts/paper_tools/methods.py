"""The methods that the study compares, and the learning rates that each may choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Each method chooses from as many rates, in steps of about three.
GRID_SIZE = 5


@dataclass(frozen=True)
class Method:
    """A method of a scenario, with the learning rates of its grid in ascending order."""

    name: str
    rates: tuple[float, ...]
    keys: dict[str, Any]
    # Whether it is of a later paper than FLORA: the study's counts and targets are over the paper's methods.
    later: bool = False

    @property
    def has_classifier(self) -> bool:
        """Whether it is trained on all classes' scores, so that the study cannot withhold classes from it."""
        return self.keys["kind"] in ("fedlc", "fedvmlc")


_LORA = {"tower": "text", "modules": ["out_proj"], "alpha": 32}

# A further method is a further line. `scripts/paper study` then runs what the tables lack.
METHODS = [
    Method("flora", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), {"kind": "lora", "rank": 2, **_LORA}),
    Method("dylora", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), {"kind": "dylora", "rank": 4, "alpha": 32,
           "sizes": [{"class": "mid", "rank": 2}, {"class": "slow", "rank": 1}]}),
    Method("fedprompt", (3e-3, 1e-2, 3e-2, 1e-1, 3e-1), {"kind": "fedprompt"}),
    Method("fedlc", (3e-2, 1e-1, 3e-1, 1, 3), {"kind": "fedlc"}),
    Method("fedca", (1e-2, 3e-2, 1e-1, 3e-1, 1), {"kind": "fedca"}),
    Method("fedaa", (1e-3, 3e-3, 1e-2, 3e-2, 1e-1), {"kind": "fedaa"}),
    Method("fedvmlc", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), {"kind": "fedvmlc"}),
    Method("fedfft", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), {"kind": "full"}),
    Method("dora", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), {"kind": "dora", "rank": 2, **_LORA}, later=True),
    Method("lora-fair", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2),
           {"kind": "lora", "rank": 2, **_LORA, "aggregation": "lora-fair"}, later=True),
    Method("norm", (3e-3, 1e-2, 3e-2, 1e-1, 3e-1), {"kind": "norm", "tower": "text"}, later=True),
    Method("bias", (3e-3, 1e-2, 3e-2, 1e-1, 3e-1), {"kind": "bias", "tower": "text"}, later=True),
    Method("ia3", (1e-2, 3e-2, 1e-1, 3e-1, 1), {"kind": "ia3", "tower": "text"}, later=True),
    Method("normfit", (1e-3, 3e-3, 1e-2, 3e-2, 1e-1),
           {"kind": "norm", "tower": "vision", "norms": ["pre"]}, later=True),
    Method("vpt", (3e-3, 1e-2, 3e-2, 1e-1, 3e-1), {"kind": "vpt", "visual_prompts": 8}, later=True),
]  # fmt: skip
