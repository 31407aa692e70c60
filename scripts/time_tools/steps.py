"""PyTorch's step times on this machine, and the speed of its kernels."""

import time
from dataclasses import replace

import torch
from memory_tools.methods import METHODS
from memory_tools.shapes import SHAPES, Shape
from memory_tools.steps import Training, batch
from torch.profiler import ProfilerActivity, profile

from .kernels import Kernel, Kernels

PRODUCTS = {"addmm", "mm", "bmm", "convolution", "convolution_backward", "baddbmm"}
# With the vocabulary of the bundled tokenizer.
SHAPES = SHAPES | {"small": replace(SHAPES["small"], vocabulary=2048)}


class TimedStep:
    def __init__(self, shape: str, method: str, size: int):
        torch.manual_seed(0)
        self.shape: Shape = SHAPES[shape]
        model = METHODS[method](self.shape.model("eager"), "contrastive")
        self.training = Training(model.train(), "adam", batch(self.shape, 2, model))
        images, *rest = batch(self.shape, size, model)
        self.data = (torch.randn_like(images), *rest)

    def seconds(self, budget: float, least: int = 3) -> list[float]:
        """The times of consecutive steps: at least `least`, and as many as fit in `budget` seconds."""
        self.training.step(self.data)
        times: list[float] = []
        while len(times) < least or sum(times) < budget:
            start = time.perf_counter()
            self.training.step(self.data)
            times.append(time.perf_counter() - start)
        return sorted(times)

    def rates(self) -> tuple[float, float]:
        """Operations per second of its products, and bytes per second of its other kernels."""
        kernels = self.kernels()
        product_time, pass_time = min((self.profiled() for _ in range(20)), key=sum)
        moved = sum(k.bytes for k in kernels if k.name not in PRODUCTS)
        return sum(k.flops for k in kernels) / product_time, moved / pass_time

    def overhead(self, rate: float, bandwidth: float) -> float:
        """Seconds of the step not explained by its kernels' work, per kernel."""
        kernels = self.kernels()
        work = sum(max(k.flops / rate, k.bytes / bandwidth) for k in kernels)
        return max(0.0, self.seconds(5)[0] - work) / len(kernels)

    def kernels(self) -> list[Kernel]:
        with Kernels() as dispatched:
            self.training.step(self.data)
        return dispatched.kernels

    def profiled(self) -> tuple[float, float]:
        """Seconds in products, and in other kernels."""
        with profile(activities=[ProfilerActivity.CPU]) as profiler:
            self.training.step(self.data)
        totals = {True: 0.0, False: 0.0}
        for event in profiler.key_averages():
            if event.key.startswith("aten::"):
                totals[event.key.removeprefix("aten::") in PRODUCTS | {"mkldnn_convolution"}] += event.self_cpu_time_total / 1e6
        return totals[True], totals[False]
