"""The most bytes of tensors that are alive at one time in a step.

Each operation that PyTorch dispatches is seen, and each storage among its results is counted until it is freed. This
slows a step down, so it is not done in the steps that are timed.
"""

import weakref

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class LiveStorages(TorchDispatchMode):
    """Counts storages from when they are first seen to when they are freed."""

    def __init__(self, present=()):
        super().__init__()
        self.live = self.peak = 0
        self.seen = weakref.WeakKeyDictionary()
        for tensor in present:
            self.count(tensor)
            del tensor

    def count(self, tensor: torch.Tensor) -> None:
        storage = tensor.untyped_storage()
        if storage in self.seen:
            return
        size = storage.nbytes()
        self.seen[storage] = size
        self.live += size
        self.peak = max(self.peak, self.live)
        weakref.finalize(storage, self.freed, size)

    def freed(self, size: int) -> None:
        self.live -= size

    def __torch_dispatch__(self, function, types, arguments=(), named=None):
        result = function(*arguments, **(named or {}))
        for leaf in tree_leaves(result):
            if isinstance(leaf, torch.Tensor):
                self.count(leaf)
        return result


def peak(client, batches) -> int:
    """The peak of several steps, each with its own batch: weights, gradients and the optimizer's state included."""
    return max(peak_of_step(client, batch) for batch in batches)


def peak_of_step(client, batch) -> int:
    parameters = list(client.model.parameters())
    state = [part for moments in client.optimizer.state.values() for part in moments.values() if torch.is_tensor(part)]
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    present = [*parameters, *client.model.buffers(), *state, *gradients, client.prompts, batch.pixels, batch.labels]
    # Held by the client alone, so that zero_grad frees them.
    del parameters, gradients
    with LiveStorages(present) as counter:
        del present
        client.step(batch)
    return counter.peak
