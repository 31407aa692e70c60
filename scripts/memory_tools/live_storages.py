"""Counts the bytes of the storages that are alive."""

import weakref

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten


class LiveStorages(TorchDispatchMode):
    """Takes note of every storage that an operation returns, until nothing holds it any more.

    Storages are counted once, whatever number of tensors look at them, with the bytes that their
    numbers have: an allocator's rounding is left out, and so is what a kernel allocates for itself and
    frees before it returns.
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
        """Forgets the peak so far."""
        self.peak, self.peak_at = self.bytes, ""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        for value in tree_flatten(result)[0]:
            if isinstance(value, torch.Tensor):
                self.add(value, str(function))
        return result
