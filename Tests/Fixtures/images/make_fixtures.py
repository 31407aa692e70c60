"""Generates expected.json in this folder: images, and the results of `transformers.CLIPImageProcessorPil`, which
resamples with Pillow, for them.

    pip install transformers==5.23.0 pillow==13.0.0 numpy
    python Tests/Fixtures/images/make_fixtures.py
"""

import base64
import json
from pathlib import Path

import numpy
from PIL import Image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

HERE = Path(__file__).parent
HALVES = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.25, 0.2]}


def square(size):
    return {"size": {"shortest_edge": size}, "crop_size": {"height": size, "width": size}}


# height, width, channels, the picture, the configuration
CASES = [
    (28, 28, 1, "shapes", square(32)),
    (24, 40, 3, "noise", square(16)),
    (40, 24, 3, "shapes", square(16)),
    (17, 31, 3, "noise", square(24)),
    (31, 17, 1, "noise", square(24)),
    (24, 24, 3, "noise", square(24)),
    (20, 33, 3, "noise", square(20)),
    (33, 20, 1, "noise", square(20)),
    (42, 42, 3, "edges", square(13)),
    (61, 40, 3, "edges", square(14)),
    (60, 11, 3, "noise", square(9)),
    (44, 25, 1, "noise", {"size": {"height": 20, "width": 29}, "crop_size": 14}),
    (3, 5, 3, "noise", square(16)),
    (1, 1, 3, "noise", square(8)),
    (2, 90, 1, "noise", square(7)),
    (28, 28, 1, "shapes", {"size": 18, "crop_size": 16}),
    (21, 30, 3, "shapes", {"size": {"height": 19, "width": 16}, "crop_size": 15} | HALVES),
    (26, 45, 3, "edges", {"size": {"shortest_edge": 20}, "crop_size": 17} | HALVES),
]


def picture(kind, height, width, channels, chance):
    y, x, channel = numpy.mgrid[0:height, 0:width, 0:channels]
    if kind == "noise":
        return chance.integers(0, 256, (height, width, channels))
    if kind == "edges":
        return 255 * ((x // 3 + y // 5 + channel) % 2)
    inside = (y - height / 2) ** 2 + (x - width / 3) ** 2 < (height / 3) ** 2
    return numpy.where(inside, 250 - 40 * channel, (3 * x + 5 * y + 60 * channel) % 256)


def main():
    chance = numpy.random.default_rng(7)
    cases = []
    for height, width, channels, kind, configuration in CASES:
        pixels = picture(kind, height, width, channels, chance).astype(numpy.uint8)
        image = Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)
        processor = CLIPImageProcessorPil(**configuration)
        expected = processor(image, return_tensors="np")["pixel_values"][0]
        cases.append(
            {
                "height": height,
                "width": width,
                "channels": channels,
                "configuration": configuration,
                "pixels": base64.b64encode(pixels.tobytes()).decode(),
                "expected": base64.b64encode(expected.astype("<f4").tobytes()).decode(),
            }
        )
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / "expected.json").write_text(f"[\n{lines}\n]\n", "utf-8")


main()
