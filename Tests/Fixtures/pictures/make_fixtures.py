"""Generates the pictures in this folder and expected.json: the RGB bytes that Pillow reads from each, with transparent pixels
blended with white as in `transformers`, and for some the results of `transformers.CLIPImageProcessorPil`, which resamples with Pillow.

    pip install transformers==5.23.0 pillow==13.0.0 numpy
    python Tests/Fixtures/pictures/make_fixtures.py
"""

import base64
import io
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
# The first row and column of each pass of an interlaced picture, and the strides.
PASSES = [
    (0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1),
]  # fmt: skip

# name, height, width, colour type, bits per sample, interlaced, further chunks
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

# name, height, width, mode, how Pillow saves it
SAVED_CASES = [
    ("lossless.webp", 9, 13, "RGB", {"lossless": True}),
    ("lossless-alpha.webp", 9, 13, "RGBA", {"lossless": True, "exact": True}),
    ("lossy.webp", 21, 14, "RGB", {"quality": 80}),
    ("lossy-alpha.webp", 20, 15, "RGBA", {"quality": 60, "exact": True}),
    ("grey.gif", 9, 13, "L", {}),
    ("palette.gif", 21, 14, "P", {"interlace": 0}),
    ("palette-interlaced.gif", 21, 14, "P", {"interlace": 1}),
    ("palette-transparent.gif", 9, 13, "P", {"transparency": 3}),
    ("lzw.tif", 9, 13, "RGB", {"compression": "tiff_lzw"}),
    ("lzw-predictor.tif", 9, 13, "RGB", {"compression": "tiff_lzw", "tiffinfo": {317: 2}}),
    ("deflate-alpha.tif", 9, 13, "RGBA", {"compression": "tiff_adobe_deflate"}),
    ("packbits.tif", 9, 13, "L", {"compression": "packbits"}),
    ("palette.tif", 9, 13, "P", {}),
    ("bits-1.tif", 9, 13, "1", {}),
    ("grey.bmp", 9, 13, "L", {}),
    ("rgb.bmp", 9, 13, "RGB", {}),
    ("rgba.bmp", 9, 13, "RGBA", {}),
    ("palette.bmp", 9, 13, "P", {}),
    ("bits-1.bmp", 9, 13, "1", {}),
]

BLACK_IS_ZERO, WHITE_IS_ZERO, TIFF_RGB, TIFF_PALETTE = 1, 0, 2, 3
# name, bits per sample, samples, photometric interpretation, big-endian, separate planes, tiles, orientation, extra sample
TIFF_CASES = [
    ("plain", 8, 3, TIFF_RGB, False, False, False, 1, None),
    ("big-endian", 8, 3, TIFF_RGB, True, False, False, 1, None),
    ("planes", 8, 3, TIFF_RGB, False, True, False, 1, None),
    ("tiles", 8, 3, TIFF_RGB, False, False, True, 1, None),
    ("tiled-planes", 8, 3, TIFF_RGB, True, True, True, 1, None),
    ("rgb-16", 16, 3, TIFF_RGB, False, False, False, 1, None),
    ("rgb-16-big-endian", 16, 3, TIFF_RGB, True, False, True, 1, None),
    ("rgba-16", 16, 4, TIFF_RGB, False, False, False, 1, 2),
    ("alpha", 8, 4, TIFF_RGB, False, False, False, 1, 2),
    ("alpha-multiplied", 8, 4, TIFF_RGB, False, False, False, 1, 1),
    ("grey-alpha", 8, 2, BLACK_IS_ZERO, False, False, False, 1, 2),
    ("grey-16", 16, 1, BLACK_IS_ZERO, False, False, False, 1, None),
    ("grey-16-big-endian", 16, 1, BLACK_IS_ZERO, True, False, False, 1, None),
    ("grey-8-white-is-zero", 8, 1, WHITE_IS_ZERO, False, False, False, 1, None),
    ("grey-1-white-is-zero", 1, 1, WHITE_IS_ZERO, False, False, False, 1, None),
    ("grey-2", 2, 1, BLACK_IS_ZERO, False, False, False, 1, None),
    ("grey-4", 4, 1, BLACK_IS_ZERO, False, False, False, 1, None),
    ("palette-4", 4, 1, TIFF_PALETTE, False, False, False, 1, None),
    *[(f"orientation-{turn}", 8, 3, TIFF_RGB, False, False, False, turn, None) for turn in range(2, 9)],
]

# name, bits per pixel, header size, rows from the top, masks
BMP_CASES = [
    ("old-24", 24, 12, False, None),
    ("old-8", 8, 12, False, None),
    ("bits-4", 4, 40, False, None),
    ("bits-32", 32, 40, False, None),
    ("top-down", 24, 40, True, None),
    ("masks-apart", 32, 40, False, (0xFF0000, 0xFF00, 0xFF)),
    ("masks-alpha", 32, 108, False, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
    ("masks-turned", 32, 124, True, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
    ("masks-without-alpha", 32, 108, False, (0xFF000000, 0xFF0000, 0xFF00, 0)),
]

# the picture and the sizes after resizing and after cropping
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
    """The rows of [height, width, channels] in PNG's packing, each with filter 0."""
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


def save(name, height, width, mode, options, chance):
    channels = {"RGB": 3, "RGBA": 4}.get(mode, 1)
    pixels = drawing(height, width, channels, chance).astype(numpy.uint8)
    image = Image.fromarray(pixels if channels > 1 else pixels[:, :, 0])
    if mode == "P":
        image = Image.fromarray(pixels[:, :, 0] // 8)
        image.putpalette(chance.integers(0, 256, 96).astype(numpy.uint8).tobytes())
    elif mode == "1":
        image = image.convert("1")
    image.save(HERE / name, **options)


def save_animations(chance):
    """Animations, including first frames that do not cover the whole picture."""
    colours = [Image.fromarray(drawing(9, 13, 3, chance).astype(numpy.uint8)) for _ in range(2)]
    clear = [Image.fromarray(drawing(9, 13, 4, chance).astype(numpy.uint8)) for _ in range(2)]
    options = {"save_all": True, "lossless": True, "exact": True}
    colours[0].save(HERE / "animation.webp", append_images=colours[1:], **options)
    clear[0].save(HERE / "animation-alpha.webp", append_images=clear[1:], **options)
    for name, image, alpha in [("part", colours[0], 0), ("part-alpha", clear[0], 16)]:
        still = io.BytesIO()
        image.save(still, "WEBP", lossless=True, exact=True)
        # The 13 by 9 frame is at offset 2 by 4 in the 20 by 16 picture.
        frame = triples(1, 2, 12, 8, 100) + b"\0" + still.getvalue()[12:]
        parts = [
            (b"VP8X", bytes([2 | alpha, 0, 0, 0]) + triples(19, 15)),
            (b"ANIM", bytes([9, 8, 7, 6, 0, 0])),
            (b"ANMF", frame),
        ]  # fmt: skip
        content = b"WEBP" + b"".join(n + struct.pack("<I", len(d)) + d + b"\0" * (len(d) % 2) for n, d in parts)
        (HERE / f"{name}.webp").write_bytes(b"RIFF" + struct.pack("<I", len(content)) + content)

    frames = [Image.open(HERE / "palette.gif").copy(), Image.open(HERE / "palette-interlaced.gif").rotate(180)]
    frames[0].save(HERE / "animation.gif", save_all=True, append_images=frames[1:])
    for name, source in [("part", "palette"), ("part-transparent", "palette-transparent")]:
        whole = (HERE / f"{source}.gif").read_bytes()
        frame = whole.index(b",", 13 + (6 << (whole[10] & 7)))
        part = bytearray(whole)
        part[6:10] = struct.pack("<HH", 30, 25)
        part[frame + 1 : frame + 5] = struct.pack("<HH", 5, 3)
        (HERE / f"{name}.gif").write_bytes(part)
        # The same with a screen smaller than its frame, and a local palette.
        table = 6 << (whole[10] & 7)
        beyond = part[:13] + part[13 + table : frame - 0 + 10] + part[13 : 13 + table] + part[frame + 10 :]
        beyond[6:10] = struct.pack("<HH", 4, 4)
        beyond[10] = 0
        beyond[frame - table + 9] |= 0x80 | whole[10] & 7
        (HERE / f"{name}-beyond.gif").write_bytes(beyond)
        # The same with half the colours, so that some indices have no colour.
        half = table // 2
        short = whole[:10] + bytes([whole[10] - 1]) + whole[11 : 13 + half] + whole[13 + table :]
        (HERE / f"{name}-short.gif").write_bytes(short)


def triples(*numbers):
    return b"".join(struct.pack("<I", number)[:3] for number in numbers)


def tiff(bits, samples, photometric, big, apart, tiled, orientation, extra, chance):
    """An uncompressed TIFF file of 9 rows and 13 columns."""
    order = ">" if big else "<"
    height, width = 9, 13
    pixels = drawing(height, width, samples, chance)
    if bits == 16:
        pixels = pixels * 257 - 77 * (pixels % 3) if photometric == TIFF_RGB else pixels * 3
    else:
        pixels >>= 8 - bits
    if extra == 1:
        pixels[:, :, :3] = pixels[:, :, :3] * pixels[:, :, 3:] // 255
    planes = [pixels[:, :, [sample]] for sample in range(samples)] if apart else [pixels]

    def packed(part):
        if bits == 16:
            return part.astype(order + "u2").tobytes()
        return b"".join(line[1:] for line in split_rows(rows(part, bits), len(part)))

    edge = 16
    blocks = [
        packed(numpy.pad(plane, [(0, edge - height), (0, edge - width), (0, 0)]) if tiled else plane[top : top + 4])
        for plane in planes
        for top in ([0] if tiled else range(0, height, 4))
    ]
    offsets = [8 + sum(map(len, blocks[:index])) for index in range(len(blocks))]
    tags = [
        (256, "H", [width]), (257, "H", [height]), (258, "H", [bits] * samples), (259, "H", [1]),
        (262, "H", [photometric]), (274, "H", [orientation]), (277, "H", [samples]),
        (284, "H", [2 if apart else 1]),
    ]  # fmt: skip
    if tiled:
        tags += [(322, "H", [edge]), (323, "H", [edge])]
    else:
        tags += [(278, "H", [4])]
    tags += [(324 if tiled else 273, "I", offsets), (325 if tiled else 279, "I", [len(block) for block in blocks])]
    if extra is not None:
        tags.append((338, "H", [extra]))
    if photometric == TIFF_PALETTE:
        tags.append((320, "H", chance.integers(0, 65536, 3 << bits).tolist()))
    content = b"".join(blocks)
    content += b"\0" * (len(content) % 2)
    directory = 8 + len(content)
    beyond = directory + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for tag, kind, numbers in sorted(tags):
        data = struct.pack(f"{order}{len(numbers)}{kind}", *numbers)
        if len(data) > 4:
            place = struct.pack(order + "I", beyond + len(values))
            values += data + b"\0" * (len(data) % 2)
        else:
            place = data.ljust(4, b"\0")
        entries += struct.pack(order + "HHI", tag, 3 if kind == "H" else 4, len(numbers)) + place
    header = (b"MM" if big else b"II") + struct.pack(order + "HI", 42, directory)
    return header + content + struct.pack(order + "H", len(tags)) + entries + b"\0" * 4 + values


def split_rows(content, count):
    size = len(content) // count
    return [content[index * size : (index + 1) * size] for index in range(count)]


def bmp(bits, size, top_down, masks, chance):
    """An uncompressed BMP file of 9 rows and 13 columns."""
    height, width = 9, 13
    pixels = drawing(height, width, max(1, bits // 8), chance)
    if bits < 8:
        pixels >>= 8 - bits
    lines = [line[1:] for line in split_rows(rows(pixels, min(bits, 8)), height)]
    data = b"".join(line + b"\0" * (-len(line) % 4) for line in lines)
    palette = b""
    if bits <= 8:
        palette = chance.integers(0, 256, (3 if size == 12 else 4) << bits).astype(numpy.uint8).tobytes()
    if size == 12:
        header = struct.pack("<IHHHH", size, width, height, 1, bits)
    else:
        header = struct.pack(
            "<IiiHHIIiiII", size, width, -height if top_down else height, 1, bits, 3 if masks else 0, len(data), 0, 0, 0, 0
        )
        header += struct.pack(f"<{len(masks)}I", *masks) if masks else b""
        header = header.ljust(size, b"\0")
    offset = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + header + palette + data


def encoded(array, kind):
    return base64.b64encode(array.astype(kind).tobytes()).decode()


def main():
    chance = numpy.random.default_rng(11)
    for name, *case in PNG_CASES:
        (HERE / f"{name}.png").write_bytes(png(*case, chance))
    for name, *case in JPEG_CASES:
        save_jpeg(name, *case, chance)
    save_jpeg("cmyk", 9, 13, "CMYK", {}, chance)

    for name, *case in SAVED_CASES:
        save(name, *case, chance)
    save_animations(chance)
    for name, *case in TIFF_CASES:
        (HERE / f"{name}.tif").write_bytes(tiff(*case, chance))
    for name, *case in BMP_CASES:
        (HERE / f"{name}.bmp").write_bytes(bmp(*case, chance))

    files = [f"{case[0]}.png" for case in PNG_CASES] + [f"{case[0]}.jpg" for case in JPEG_CASES]
    files += sorted(path.name for path in HERE.iterdir() if path.suffix in {".webp", ".gif", ".tif", ".bmp"})
    pictures = []
    for file in files:
        image = Image.open(HERE / file)
        # Transparent pixels are blended with white, as in CLIPImageProcessor.
        pixels = convert_to_rgb(image, return_numpy=True)
        height, width, _ = pixels.shape
        pictures.append(
            {"file": file, "height": height, "width": width, "pixels": encoded(pixels, numpy.uint8)}
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
