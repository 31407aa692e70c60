"""Counts the bytes of live storages."""

import weakref

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten


class LiveStorages(TorchDispatchMode):
    """Tracks every storage that an operation returns until it is freed.

    A storage counts once, however many tensors share it, with the bytes of its numbers: allocator
    rounding is excluded, and so are the temporary allocations of a kernel.
    """

    def __init__(self, trace=None):
        super().__init__()
        self.bytes = 0
        self.peak = 0
        self.peak_at = ""
        self._known = {}
        self._trace = trace

    def add(self, tensor: torch.Tensor, name: str = "held before"):
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self._known:
            return
        size = storage.nbytes()
        self._known[key] = weakref.ref(storage, lambda _, key=key, size=size: self._died(key, size))
        self.bytes += size
        if self._trace is not None:
            self._trace(f"{size:+} {name} {list(tensor.shape)} live {self.bytes}")
        if self.bytes > self.peak:
            self.peak, self.peak_at = self.bytes, name

    def _died(self, key: int, size: int):
        del self._known[key]
        self.bytes -= size
        if self._trace is not None:
            self._trace(f"{-size:+} live {self.bytes}")

    def restart(self):
        """Resets the peak."""
        self.peak, self.peak_at = self.bytes, ""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        for value in tree_flatten(result)[0]:
            if isinstance(value, torch.Tensor):
                self.add(value, str(function))
        return result
