import argparse
import warnings
from pathlib import Path

import bitsandbytes
import bitsandbytes.functional as bnb
import numpy as np
import torch
from safetensors.torch import save_file

from . import reference


def weights() -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=random)

    outliers = normal(16, 128) * 0.02
    outliers[3, 17], outliers[9, 100] = 4, -11
    zeros = normal(12, 64) * 0.1
    zeros[2], zeros[7] = 0, 0
    scales = normal(32, 64) * 10.0 ** torch.linspace(-30, 30, 32)[:, None]
    subnormal = normal(8, 64)
    subnormal[1] *= 1e-39
    subnormal[4] *= 1e-42
    subnormal[6] *= 3e-38
    # On and near the midpoints of NF4's values, and on half steps of int8.
    table = bnb.get_4bit_type("nf4", device="cpu")
    middles = (table[:-1] + table[1:]) / 2
    beside = [torch.nextafter(middles, torch.tensor(x)) for x in (-2.0, 2.0)]
    ties = torch.cat([middles, *beside, torch.tensor([1.0] + [0.0] * 18)]).reshape(1, 64)
    halves = torch.cat([torch.arange(-31.5, 31.5), torch.tensor([127.0])]).reshape(1, 64)
    return {
        "plain": normal(16, 128),
        # Avoids row lengths that are multiples of 16 but not of 64: for them, the AVX-512 kernel of bitsandbytes 0.50.2
        # dequantises with the statistics of the wrong blocks.
        "small": normal(18, 128) * 0.02,
        "outliers": outliers,
        "zeros": zeros,
        "scales": scales,
        "subnormal": subnormal,
        "ties": torch.cat([ties, halves]),
        # 262 blocks and two numbers, for two blocks of statistics.
        "remainder": normal(129, 130) * 0.05,
        # An odd number of elements, and rows that end within blocks.
        "odd": normal(7, 33),
        # One block, so that its deviation from the mean is 0.
        "single": normal(4, 16),
    }


def same(name: str, ours: np.ndarray, theirs: torch.Tensor) -> None:
    theirs = theirs.numpy().reshape(ours.shape)
    assert ours.dtype == theirs.dtype, f"{name}: {ours.dtype}, {theirs.dtype}"
    different = int((np.ascontiguousarray(ours).view(np.uint8) != np.ascontiguousarray(theirs).view(np.uint8)).sum())
    if different:
        raise SystemExit(f"{name}: {different} bytes of {ours.nbytes} differ from bitsandbytes'")


def statistics_kernel(a: torch.Tensor, code: torch.Tensor, size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """bitsandbytes' own PyTorch kernel, which according to its comments assumes the same as the CUDA kernel.

    For about 1 in 700 numbers close to a midpoint, the native CPU kernel chooses the other neighbour.
    """
    operator = torch.ops.bitsandbytes.quantize_blockwise.default
    return operator._op_dk(torch._C.DispatchKey.CompositeExplicitAutograd, a, code, size)


def doubled(state: bnb.QuantState) -> bnb.QuantState:
    """compress_statistics of quantize_4bit, with that kernel."""
    offset = state.absmax.mean()
    table = bnb.create_dynamic_map()
    codes, greatest = statistics_kernel(state.absmax - offset, table, 256)
    native = bnb.quantize_blockwise(state.absmax - offset, blocksize=256)[0]
    print(f"native kernel: {int((native != codes).sum())} of {len(codes)} codes of statistics differ")
    second = bnb.QuantState(absmax=greatest, code=table, blocksize=256, dtype=torch.float32)
    return bnb.QuantState(
        absmax=codes, shape=state.shape, dtype=state.dtype, blocksize=64, code=state.code, quant_type="nf4",
        offset=offset, state2=second,
    )  # fmt: skip


def quantised(name: str, weight: torch.Tensor) -> dict[str, torch.Tensor]:
    pairs, state = bnb.quantize_4bit(weight, blocksize=64, quant_type="nf4")
    double = doubled(state)
    int8, greatest, _ = bnb.int8_vectorwise_quant(weight.clone())
    by_scale, scale, numbers_by_scale = (torch.from_numpy(x) for x in reference.int8_by_scale(weight.numpy()))
    found = {
        "weight": weight,
        "nf4.codes": pairs.reshape(-1),
        "nf4.absmax": state.absmax,
        "nf4.dequantised": bnb.dequantize_4bit(pairs, state),
        "nf4-double.absmax.codes": double.absmax,
        "nf4-double.absmax.absmax": double.state2.absmax,
        "nf4-double.absmax.offset": double.offset.reshape(1),
        "nf4-double.dequantised": bnb.dequantize_4bit(pairs, double),
        "int8.codes": int8,
        "int8.absmax": greatest,
        "int8.dequantised": bnb.int8_vectorwise_dequant(int8, greatest),
        "int8-by-scale.codes": by_scale,
        "int8-by-scale.scale": scale,
        "int8-by-scale.dequantised": numbers_by_scale,
        "bfloat16": weight.to(torch.bfloat16),
    }
    compare(name, found, double)
    different = int((by_scale != int8).sum())
    numbers = int((numbers_by_scale != found["int8.dequantised"]).sum())
    print(f"{name}: int8's two forms differ in {different} codes and {numbers} numbers of {weight.numel()}")
    exact = np.float32(state.absmax.double().mean().item())
    print(f"{name}: torch.mean {double.offset.item()!r}, in float64 {exact!r}")
    return {f"{name}.{key}": value.contiguous() for key, value in found.items()}


def compare(name: str, found: dict[str, torch.Tensor], double) -> None:
    """Checks that the reference gives the same bits."""
    weight = found["weight"].numpy()
    table = bnb.get_4bit_type("nf4", device="cpu").numpy()
    statistics_table = double.state2.code.numpy()
    codes, greatest = reference.nf4(weight, table)
    offset = double.offset.numpy()
    statistics, deviations = reference.statistics(greatest, offset, statistics_table)
    restored = reference.statistics_numbers(statistics, deviations, offset, statistics_table)
    int8, rows, numbers = reference.int8(weight)
    for key, ours in {
        "nf4.codes": reference.packed(codes),
        "nf4.absmax": greatest,
        "nf4.dequantised": reference.nf4_numbers(codes, greatest, table),
        "nf4-double.absmax.codes": statistics,
        "nf4-double.absmax.absmax": deviations,
        "nf4-double.dequantised": reference.nf4_numbers(codes, restored, table),
        "int8.codes": int8,
        "int8.absmax": rows,
        "int8.dequantised": numbers,
    }.items():
        same(f"{name}.{key}", ours, found[key])
    same(f"{name}.bfloat16", reference.bfloat16(weight), found["bfloat16"].view(torch.uint16))


def converted() -> list[str]:
    """The CLIPModel parameters that transformers' bitsandbytes integration quantises."""
    from transformers import BitsAndBytesConfig, CLIPConfig, CLIPModel
    from transformers.integrations.bitsandbytes import replace_with_bnb_linear
    from transformers.quantizers.base import get_keys_to_not_convert

    layer = {"num_hidden_layers": 1, "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 1}
    model = CLIPModel(CLIPConfig(text_config=layer, vision_config=layer, projection_dim=64))
    kept = get_keys_to_not_convert(model)
    print("kept:", kept)
    settings = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True)
    with torch.device("meta"):
        replace_with_bnb_linear(model, modules_to_not_convert=kept, quantization_config=settings)
    return [n for n, m in model.named_modules() if isinstance(m, bitsandbytes.nn.Linear4bit)]


def main():
    parser = argparse.ArgumentParser(prog="scripts/quantisation-oracle")
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    # Zeros divided by zero are cast to int8.
    warnings.simplefilter("ignore", RuntimeWarning)
    found = {
        "nf4.table": bnb.get_4bit_type("nf4", device="cpu"),
        "dynamic.table": bnb.create_dynamic_map(),
    }
    for name, weight in weights().items():
        found |= quantised(name, weight)
    versions = {"torch": torch.__version__.split("+")[0], "bitsandbytes": bitsandbytes.__version__}
    save_file(found, out, metadata=versions)
    print("quantised layers of a block and the projections:", *converted(), sep="\n  ")


main()
