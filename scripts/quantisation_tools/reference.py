"""The quantisations in NumPy, all in float32: what another implementation must do to produce the same bits.

NF4 (bitsandbytes' CPU path, blocks of 64 numbers of the row-major flattened weight, across row boundaries):

1. m = max |w| of the block; r = 1 / max(m, 1e-38), rounded to float32; s = clamp(w * r, -1, 1). A last block of fewer than
   64 numbers divides instead, s = clamp(w / max(m, 1e-38), -1, 1), and stores max(m, 1e-38) as its m.
2. The code is the number of midpoints below s, midpoint i = (NF4[i] + NF4[i + 1]) / 2 in float32; a number on a
   midpoint gets the lower code. A block of zeros has code 7 (0.0) and m = 0.
3. Packing: the first number of each pair in the high four bits; an odd count is padded with the code of 0.0 (7).
4. Dequantisation: NF4[code] * m, one rounding.

Double quantisation of the m of all blocks of one weight:

1. offset = torch.mean(m), float32. Its sum is a vectorised cascade; the fixture stores the offset, and a mean in float64
   differs from it by about an ulp.
2. d = m - offset; blocks of 256 of d, quantised as in steps 1 and 2 above with a = max |d| and bitsandbytes' signed dynamic map
   of 256 numbers (create_dynamic_map): a shorter last block divides, and its a is at least 1e-38. This is bitsandbytes' PyTorch
   kernel; the native CPU kernel gives a different code, usually a neighbour, for 0.15 % of normal numbers, all within
   1.5e-5 of a midpoint, and code 0 for a whole block of zeros.
3. m is then table[code] * a + offset, with each of the two operations rounded (no fused multiply-add).

Int8 by row (bitsandbytes' int8_vectorwise_quant): m = max |row|; q = round_half_even(w * (127 / m)), 127 / m rounded to float32.
A row of zeros has q = 0. If 127 / m overflows (m below 3.8e-37), q depends on the processor: row 4 of the fixture
`subnormal`. Dequantisation: (q * m) * 0.007874016 (float32 of 1/127), each operation rounded. The other common form is
scale = m / 127, q = clamp(round_half_even(w / scale), -127, 127), and q * scale.
"""

import numpy as np

BLOCK = 64
STATISTICS_BLOCK = 256
SMALLEST = np.float32(1e-38)


def blocks(x: np.ndarray, size: int) -> list[np.ndarray]:
    return [x[i : i + size] for i in range(0, len(x), size)]


def codes(scaled: np.ndarray, table: np.ndarray) -> np.ndarray:
    middles = (table[:-1] + table[1:]) / np.float32(2)
    return np.searchsorted(middles, scaled, side="left").astype(np.uint8)


def scaled_codes(x: np.ndarray, table: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    found, greatest = [], []
    for block in blocks(x, size):
        m = np.abs(block).max()
        if len(block) == size:
            scaled = block * (np.float32(1) / max(m, SMALLEST))
        else:
            m = max(m, SMALLEST)
            scaled = block / m
        found.append(codes(np.clip(scaled, np.float32(-1), np.float32(1)), table))
        greatest.append(m)
    return np.concatenate(found), np.array(greatest, np.float32)


def nf4(weight: np.ndarray, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes, one per number, and the blocks' largest absolute values."""
    return scaled_codes(weight.reshape(-1), table, BLOCK)


def packed(found: np.ndarray) -> np.ndarray:
    even = np.pad(found, (0, len(found) % 2), constant_values=7)
    return (even[::2] << 4) | even[1::2]


def nf4_numbers(found: np.ndarray, greatest: np.ndarray, table: np.ndarray) -> np.ndarray:
    return table[found] * np.repeat(greatest, BLOCK)[: len(found)]


def statistics(greatest: np.ndarray, offset: np.float32, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes of the blocks' largest absolute values, and the largest deviation of each 256."""
    return scaled_codes(greatest - offset, table, STATISTICS_BLOCK)


def statistics_numbers(
    found: np.ndarray, deviations: np.ndarray, offset: np.float32, table: np.ndarray
) -> np.ndarray:
    product = table[found] * np.repeat(deviations, STATISTICS_BLOCK)[: len(found)]
    return product + offset


def int8(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """bitsandbytes' codes, the rows' largest absolute values, and the dequantised numbers."""
    greatest = np.abs(weight).max(axis=1, keepdims=True)
    factor = np.divide(np.float32(127), greatest, out=np.zeros_like(greatest), where=greatest > 0)
    found = np.rint(weight * factor).astype(np.int8)
    return found, greatest[:, 0], found.astype(np.float32) * greatest * np.float32(1 / 127)


def int8_by_scale(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes, scales and numbers of the form with scale = m / 127."""
    scale = np.abs(weight).max(axis=1, keepdims=True) / np.float32(127)
    ratio = np.divide(weight, scale, out=np.zeros_like(weight), where=scale > 0)
    found = np.clip(np.rint(ratio), -127, 127).astype(np.int8)
    return found, scale[:, 0], found.astype(np.float32) * scale


def bfloat16(weight: np.ndarray) -> np.ndarray:
    """Rounds to nearest even; returns the bits."""
    bits = weight.view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
