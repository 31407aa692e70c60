"""Makes the pictures beside this file and expected.json: the RGB bytes that Pillow reads from each, with what
is transparent blended with white as `transformers` does, and of some what `transformers.CLIPImageProcessorPil`, which resamples with Pillow, makes of them.

    pip install transformers==5.23.0 pillow==13.0.0 numpy
    python Tests/Fixtures/pictures/make_fixtures.py
"""

import base64
import json
import struct
import zlib
from pathlib import Path

import numpy
from PIL import Image
from transformers.image_transforms import convert_to_rgb
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

HERE = Path(__file__).parent
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
# The first row and column of each pass of an interlaced picture, and its steps.
PASSES = [
    (0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1),
]  # fmt: skip

# name, height, width, colour type, bits of a sample, interlaced, further chunks
PNG_CASES = [
    ("grey-1", 9, 13, GREY, 1, False, {}),
    ("grey-2", 9, 13, GREY, 2, False, {}),
    ("grey-4", 9, 13, GREY, 4, False, {}),
    ("grey-8", 21, 14, GREY, 8, False, {}),
    ("grey-8-transparent", 9, 13, GREY, 8, False, {b"tRNS": struct.pack(">H", 7)}),
    ("grey-16", 9, 13, GREY, 16, False, {}),
    ("grey-16-interlaced", 9, 13, GREY, 16, True, {}),
    ("grey-alpha-8", 9, 13, GREY_ALPHA, 8, False, {}),
    ("grey-alpha-16", 9, 13, GREY_ALPHA, 16, False, {}),
    ("rgb-8", 20, 33, RGB, 8, False, {}),
    ("rgb-8-gamma", 9, 13, RGB, 8, False, {b"gAMA": struct.pack(">I", 100_000)}),
    ("rgb-8-transparent", 9, 13, RGB, 8, False, {b"tRNS": struct.pack(">3H", 1, 2, 3)}),
    ("rgb-8-interlaced", 17, 12, RGB, 8, True, {}),
    ("rgb-16", 9, 13, RGB, 16, False, {}),
    ("rgb-16-interlaced", 9, 13, RGB, 16, True, {}),
    ("rgba-8", 31, 24, RGB_ALPHA, 8, False, {}),
    ("rgba-8-interlaced", 9, 13, RGB_ALPHA, 8, True, {}),
    ("rgba-16", 9, 13, RGB_ALPHA, 16, False, {}),
    ("palette-1", 9, 13, PALETTE, 1, False, {}),
    ("palette-2", 9, 13, PALETTE, 2, False, {}),
    ("palette-4-interlaced", 9, 13, PALETTE, 4, True, {}),
    ("palette-8", 14, 25, PALETTE, 8, False, {}),
    ("palette-8-transparent", 9, 13, PALETTE, 8, False, {b"tRNS": bytes([0, 90, 255, 30])}),
    ("palette-8-short", 9, 13, PALETTE, 8, False, {b"PLTE": bytes(range(1, 31))}),
    ("one-pixel", 1, 1, RGB, 8, True, {}),
]

# name, height, width, mode, how Pillow saves it
JPEG_CASES = [
    ("grey", 17, 23, "L", {}),
    ("444", 19, 30, "RGB", {"subsampling": "4:4:4"}),
    ("422", 17, 23, "RGB", {"subsampling": "4:2:2"}),
    ("420", 40, 27, "RGB", {"subsampling": "4:2:0"}),
    ("420-even", 16, 32, "RGB", {"subsampling": "4:2:0"}),
    ("420-rough", 33, 17, "RGB", {"subsampling": "4:2:0", "quality": 30}),
    ("420-progressive", 25, 41, "RGB", {"subsampling": "4:2:0", "progressive": True}),
    ("444-progressive", 17, 23, "RGB", {"subsampling": "4:4:4", "progressive": True}),
    ("grey-progressive", 17, 23, "L", {"progressive": True}),
    ("rgb", 17, 23, "RGB", {"keep_rgb": True}),
    ("one-pixel", 1, 1, "RGB", {}),
]

# the picture and the sizes of the resized and of the kept image
PROCESSED = [
    ("grey-8.png", 16, 16),
    ("rgb-8.png", 16, 12),
    ("rgb-8-interlaced.png", 12, 12),
    ("rgba-8.png", 24, 20),
    ("palette-8.png", 20, 20),
    ("420.jpg", 16, 16),
    ("444.jpg", 24, 24),
    ("420-progressive.jpg", 14, 14),
]


def drawing(height, width, channels, chance):
    """A smooth picture with an edge and a little noise, [height, width, channels] from 0 to 255."""
    y, x, channel = numpy.mgrid[0:height, 0:width, 0:channels]
    slope = 128 + 100 * numpy.sin(x / 5 + channel) * numpy.cos(y / 7 - channel)
    disc = (y - height / 2) ** 2 + (x - width / 3) ** 2 < (height / 3) ** 2
    noise = chance.integers(-9, 10, (height, width, channels))
    return numpy.where(disc, 230 - 60 * channel, slope + noise).clip(0, 255).astype(numpy.int64)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def rows(samples, bits):
    """The rows of [height, width, channels] as PNG packs them, each with filter 0."""
    packed = []
    for row in samples.reshape(len(samples), -1):
        if bits == 16:
            content = row.astype(">u2").tobytes()
        else:
            places = (row[:, None] >> numpy.arange(bits - 1, -1, -1)) & 1
            content = numpy.packbits(places.astype(numpy.uint8)).tobytes()
        packed.append(b"\0" + content)
    return b"".join(packed)


def png(height, width, colour, bits, interlaced, extra, chance):
    samples = drawing(height, width, CHANNELS[colour], chance)
    samples = samples * 257 + 77 * (samples % 3) >> 1 if bits == 16 else samples >> (8 - bits)
    if colour == GREY and bits == 16:
        samples = samples % 400
    content = rows(samples, bits)
    if interlaced:
        parts = [samples[top::down, left::right] for top, left, down, right in PASSES]
        content = b"".join(rows(part, bits) for part in parts if part.size > 0)
    if colour == PALETTE and b"PLTE" not in extra:
        colours = chance.integers(0, 256, 3 << bits).astype(numpy.uint8)
        extra = {b"PLTE": colours.tobytes()} | extra
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced))
    chunks = [(b"IHDR", header), *extra.items(), (b"IDAT", zlib.compress(content, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in chunks)


def save_jpeg(name, height, width, mode, options, chance):
    pixels = drawing(height, width, len(mode), chance).astype(numpy.uint8)
    image = Image.fromarray(pixels[:, :, 0] if mode == "L" else pixels, mode)
    image.save(HERE / f"{name}.jpg", **{"quality": 85} | options)


def encoded(array, kind):
    return base64.b64encode(array.astype(kind).tobytes()).decode()


def main():
    chance = numpy.random.default_rng(11)
    for name, *case in PNG_CASES:
        (HERE / f"{name}.png").write_bytes(png(*case, chance))
    for name, *case in JPEG_CASES:
        save_jpeg(name, *case, chance)
    save_jpeg("cmyk", 9, 13, "CMYK", {}, chance)

    files = [f"{case[0]}.png" for case in PNG_CASES] + [f"{case[0]}.jpg" for case in JPEG_CASES]
    pictures = []
    for file in files:
        image = Image.open(HERE / file)
        # What is transparent is blended with white, as CLIPImageProcessor does.
        pixels = encoded(convert_to_rgb(image, return_numpy=True), numpy.uint8)
        pictures.append(
            {"file": file, "height": image.height, "width": image.width, "pixels": pixels}
        )
    processed = []
    for file, resized, size in PROCESSED:
        configuration = {
            "size": {"shortest_edge": resized}, "crop_size": {"height": size, "width": size},
        }  # fmt: skip
        processor = CLIPImageProcessorPil(**configuration)
        image = Image.open(HERE / file)
        values = processor(image, return_tensors="np")["pixel_values"][0]
        processed.append(
            {"file": file, "configuration": configuration, "values": encoded(values, "<f4")}
        )
    lists = {"pictures": pictures, "processed": processed}
    lines = [
        f'"{name}": [\n'
        + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
        + "\n]"
        for name, cases in lists.items()
    ]
    (HERE / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


main()
