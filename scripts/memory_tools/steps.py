"""A training step as a training loop runs it, and its peak live bytes."""

from itertools import accumulate

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile

from .live_storages import LiveStorages
from .methods import Method
from .shapes import CLASSES, Shape

OPTIMIZERS = {
    # As in FLORA's published code, weight decay is added to the gradient.
    "adam": lambda parameters: torch.optim.Adam(
        parameters, lr=5e-5, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.2
    ),
    "adamw": lambda parameters: torch.optim.AdamW(
        parameters, lr=5e-5, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.2
    ),
    "adam-without-decay": lambda parameters: torch.optim.Adam(parameters, lr=5e-5),
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=5e-5, weight_decay=0.2),
}
"""With PyTorch's default implementation, which on CPU loops over the parameters instead of using foreach."""


def batch(shape: Shape, images: int, method: Method) -> tuple[Tensor, Tensor, Tensor]:
    """Images, padded prompts and labels: one prompt per image or per class; none for a classifier."""
    prompts = images if method.contrastive else CLASSES
    if not method.reads_prompts:
        prompts = 0
    return (
        torch.zeros(images, 3, shape.image, shape.image),
        torch.full((prompts, shape.context), shape.vocabulary - 1),
        torch.zeros(images, dtype=torch.long),
    )


class Training:
    """A method with an optimizer that has taken its first step, so that all of its state exists."""

    def __init__(self, method: Method, optimizer: str, first: tuple[Tensor, Tensor, Tensor]):
        self.method = method
        self.optimizer = OPTIMIZERS[optimizer](method.trained)
        self.step(first)

    def step(self, data: tuple[Tensor, Tensor, Tensor]):
        self.optimizer.zero_grad()
        loss = self.method.loss(*data)
        loss.backward()
        self.optimizer.step()

    def held(self) -> list[Tensor]:
        """The live tensors between two steps, except the batch: gradients stay until they are cleared."""
        states = [v for state in self.optimizer.state.values() for v in state.values()]
        gradients = [p.grad for p in self.method.trained if p.grad is not None]
        parameters = [*self.method.parameters(), *self.method.buffers()]
        return parameters + gradients + [v for v in states if torch.is_tensor(v)]

    def peak(self, data: tuple[Tensor, Tensor, Tensor], trace=None) -> tuple[int, str]:
        """The peak live bytes in a step, and the operation that reached it."""
        live = LiveStorages(trace)
        for tensor in [*self.held(), *data]:
            live.add(tensor)
        live.restart()
        with live:
            self.step(data)
        return live.peak, live.peak_at

    def allocated_peak(self, data: tuple[Tensor, Tensor, Tensor]) -> int:
        """The peak bytes allocated by PyTorch's CPU allocator in a step with real tensors.

        Unlike `peak`, it includes the internal allocations of kernels, and gradients are accumulated in place
        where PyTorch does so; under a dispatch mode it accumulates them in a new tensor.
        """
        storages = {t.untyped_storage()._cdata: t.untyped_storage().nbytes() for t in [*self.held(), *data]}
        changes = self.profiled(data)
        return sum(storages.values()) + max(0, *accumulate(changes))

    def profiled(self, data: tuple[Tensor, Tensor, Tensor]) -> list[int]:
        """The bytes of each allocation (positive) and deallocation (negative), in order.

        The profiler records deallocations only of memory whose allocation it recorded, so the gradients
        that a step clears must come from a profiled step.
        """
        for parameter in self.method.trained:
            parameter.grad = None
        with profile(activities=[ProfilerActivity.CPU], profile_memory=True):
            self.step(data)
        with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
            self.step(data)
        events = [e for e in profiler.profiler.kineto_results.events() if e.name() == "[memory]"]
        return [e.nbytes() for e in sorted(events, key=lambda e: e.start_ns())]
