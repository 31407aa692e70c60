"""The peak bytes of live tensors in a step.

Intercepts each operation that PyTorch dispatches, and counts each storage among its results until it is freed. This
slows down the step, so timed steps are not measured this way.
"""

import weakref

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class LiveStorages(TorchDispatchMode):
    """Counts storages from first use until they are freed."""

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
    """The peak over several steps, each with its own batch, including weights, gradients and optimizer state."""
    return max(peak_of_step(client, batch) for batch in batches)


def peak_of_step(client, batch) -> int:
    parameters = list(client.model.parameters())
    state = [part for moments in client.optimizer.state.values() for part in moments.values() if torch.is_tensor(part)]
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    present = [*parameters, *client.model.buffers(), *state, *gradients, client.prompts, batch.pixels, batch.labels]
    # Referenced by the client only, so that zero_grad frees them.
    del parameters, gradients
    with LiveStorages(present) as counter:
        del present
        client.step(batch)
    return counter.peak
