"""The kernels that PyTorch runs in a step, with the operations and bytes of each."""

from dataclasses import dataclass

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry


@dataclass(frozen=True)
class Kernel:
    name: str
    flops: int
    bytes: int


def size(tensor: torch.Tensor) -> int:
    """The bytes of memory behind a tensor; a broadcast tensor has fewer bytes than elements suggest."""
    return min(tensor.numel() * tensor.element_size(), tensor.untyped_storage().nbytes())


def tensors(tree) -> list[torch.Tensor]:
    return [leaf for leaf in tree_leaves(tree) if isinstance(leaf, torch.Tensor)]


class Kernels(TorchDispatchMode):
    """All dispatched operations except views; each tensor that an operation reads counts once, and each result."""

    def __init__(self):
        super().__init__()
        self.kernels: list[Kernel] = []

    def __torch_dispatch__(self, function, types, arguments=(), keywords=None):
        keywords = keywords or {}
        result = function(*arguments, **keywords)
        packet = function.overloadpacket if hasattr(function, "overloadpacket") else function._overloadpacket
        read = {id(t): t for t in tensors((arguments, keywords))}.values()
        written = tensors(result)
        storages = {t.untyped_storage()._cdata for t in read}
        if all(t.untyped_storage()._cdata in storages for t in written) and not function._schema.is_mutable:
            return result
        flops = flop_registry[packet](*arguments, **keywords, out_val=result) if packet in flop_registry else 0
        name = str(packet).removeprefix("aten.")
        # Only the rows that are written are read from a table.
        bytes_read = sum(map(size, written)) if name in ("embedding", "index") else sum(map(size, read))
        self.kernels.append(Kernel(name, flops, bytes_read + sum(map(size, written))))
        return result
