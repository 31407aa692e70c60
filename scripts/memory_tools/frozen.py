"""Frozen parameters stored in fewer bits, and layers that dequantise them for each product.

- bfloat16: all matrices, embeddings and convolutions; norms, biases and the logit scale stay float32.
- int8 and nf4: the linear layers of the blocks and the two projections; embeddings and convolution are bfloat16.

A dequantisation is one kernel: the storages that it fills are counted, its internal allocations are not.
"""

import math
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def compute_type() -> torch.dtype:
    return torch.bfloat16 if torch.is_autocast_enabled("cpu") else torch.float32


class Product(torch.autograd.Function):
    """x W^T + b; like bitsandbytes' MatMul4Bit, saves the quantised W and dequantises it again for the gradient."""

    @staticmethod
    def forward(ctx, x: Tensor, bias: Tensor | None, layer: "HeldLinear"):
        ctx.layer = layer
        return F.linear(x, layer.weight_in(x.dtype), bias)

    @staticmethod
    def backward(ctx, gradient: Tensor):
        return torch.matmul(gradient, ctx.layer.weight_in(gradient.dtype)), None, None


class HeldLinear(nn.Module):
    def __init__(self, linear: nn.Linear):
        super().__init__()
        self.shape = tuple(linear.weight.shape)
        self.bias = linear.bias

    def forward(self, x: Tensor) -> Tensor:
        kind = compute_type()
        # The same casts as bitsandbytes' Linear4bit, except that the result stays in the product's type, as under autocast
        # (Linear4bit casts it to x's type).
        bias = None if self.bias is None else self.bias.to(kind)
        return Product.apply(x.to(kind), bias, self)

    def weight_in(self, kind: torch.dtype) -> Tensor:
        raise NotImplementedError


class BFloat16Linear(HeldLinear):
    def __init__(self, linear: nn.Linear):
        super().__init__(linear)
        self.held = nn.Buffer(linear.weight.detach().to(torch.bfloat16))

    def weight_in(self, kind: torch.dtype) -> Tensor:
        return self.held.to(kind)


class Int8Linear(HeldLinear):
    """One byte per number, and one scale per row."""

    def __init__(self, linear: nn.Linear):
        super().__init__(linear)
        self.held = nn.Buffer(torch.zeros(self.shape, dtype=torch.int8))
        self.scales = nn.Buffer(torch.ones(self.shape[0]))

    def weight_in(self, kind: torch.dtype) -> Tensor:
        return torch.empty(self.shape, dtype=kind)


class NF4Linear(HeldLinear):
    """Half a byte per number; one byte per 64 numbers; a scale per 256 of those, and an offset.

    bitsandbytes' QuantState holds both tables for each layer.
    """

    def __init__(self, linear: nn.Linear):
        super().__init__(linear)
        count = math.prod(self.shape)
        self.blocks = -(-count // 64)
        self.held = nn.Buffer(torch.zeros(-(-count // 2), dtype=torch.uint8))
        self.statistics = nn.Buffer(torch.zeros(self.blocks, dtype=torch.uint8))
        self.scales = nn.Buffer(torch.ones(-(-self.blocks // 256)))
        self.offset = nn.Buffer(torch.ones(()))
        self.table = nn.Buffer(torch.zeros(16))
        self.statistics_table = nn.Buffer(torch.zeros(256))

    def weight_in(self, kind: torch.dtype) -> Tensor:
        # The block scales live as long as the weight.
        scales = torch.empty(self.blocks)
        weight = torch.empty(self.shape, dtype=kind)
        del scales
        return weight


class HeldEmbedding(nn.Module):
    """Selected rows become float32 immediately, so that the residual stream is float32."""

    def __init__(self, embedding: nn.Embedding):
        super().__init__()
        self.weight = nn.Parameter(embedding.weight.detach().to(torch.bfloat16), requires_grad=False)
        self.embedding_dim = embedding.embedding_dim

    def forward(self, rows: Tensor) -> Tensor:
        return F.embedding(rows, self.weight).float()


class HeldConvolution(nn.Module):
    # CLIP's vision model casts pixels to the weight's type; here they stay float32.
    weight = SimpleNamespace(dtype=torch.float32)

    def __init__(self, convolution: nn.Conv2d):
        super().__init__()
        self.stride = convolution.stride
        self.held = nn.Buffer(convolution.weight.detach().to(torch.bfloat16))

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.held.to(compute_type()), stride=self.stride)


LINEAR = {"bfloat16": BFloat16Linear, "int8": Int8Linear, "nf4": NF4Linear}


def hold(method: nn.Module, precision: str):
    """Wraps every frozen matrix of the method in a module that stores it in the given precision."""
    if precision == "float32":
        return
    for module in list(method.modules()):
        for name, child in list(module.named_children()):
            held = replacement(child, precision)
            if held is not None:
                setattr(module, name, held)
    embeddings = method.clip.vision_model.embeddings
    if not embeddings.class_embedding.requires_grad:
        embeddings.class_embedding = nn.Parameter(embeddings.class_embedding.detach().to(torch.bfloat16), False)


def replacement(module: nn.Module, precision: str) -> nn.Module | None:
    weight = getattr(module, "weight", None)
    if not isinstance(weight, nn.Parameter) or weight.requires_grad:
        return None
    kinds = {nn.Linear: LINEAR[precision], nn.Embedding: HeldEmbedding, nn.Conv2d: HeldConvolution}
    kind = kinds.get(type(module))
    return None if kind is None else kind(module)
