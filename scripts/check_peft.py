"""Compares the embeddings that PEFT computes with an adapter with those that flora prints.

    python check_peft.py BASE RESULTS METHOD FLORA SCRATCH

BASE is a CLIP in Hugging Face's layout, RESULTS the folder of a run that trained METHOD on it, FLORA the
program, SCRATCH a folder for temporary files. Compares the base, the adapter on the base, and the merged
model that flora exports. The exit code is 1 if a difference is 1e-4 or more, or if flora does not print
the embeddings.
"""

import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import torch
import torch.nn.functional as F
from peft import PeftModel, get_peft_model_state_dict
from safetensors.torch import load_file
from torch import Tensor
from transformers import CLIPModel, CLIPTokenizer

TEXTS = ["a photo of a trouser.", "a photo of an ankle boot.", "Two bags, 3 hats & a shirt"]
TOLERANCE = 1e-4


def main(base: Path, results: Path, method: str, flora: Path, scratch: Path) -> int:
    torch.manual_seed(0)
    adapter = results / "adapters" / method
    plain = load_base(base)
    adapted = PeftModel.from_pretrained(load_base(base), adapter).eval()
    check_factors(adapted, adapter)

    size = plain.config.vision_config.image_size
    image = scratch / "noise.png"
    pixels = write_noise(image, size, preprocessing(base))
    tokens = [tokenize(base, text) for text in TEXTS]

    merged = scratch / "merged"
    export = ["export", results, "--method", method, "--merged", "--out", merged]
    subprocess.run([flora, *export], check=True, stdout=subprocess.DEVNULL)

    changed = adapted.base_model.model
    fits = []
    for name, model, arguments in (
        ("base", plain, [base]),
        ("adapter", changed, [base, "--adapter", adapter]),
        ("merged", changed, [merged]),
    ):
        expected = [embed_text(model, ids) for ids in tokens]
        texts = [part for text in TEXTS for part in ("--text", text)]
        fits.append(compare(f"{name}, texts", expected, embed(flora, [*arguments, *texts])))
        expected = [embed_image(model, pixels)]
        fits.append(compare(f"{name}, image", expected, embed(flora, [*arguments, "--image", image])))
    return 0 if all(fits) else 1


def load_base(directory: Path) -> CLIPModel:
    model = CLIPModel.from_pretrained(
        directory, dtype=torch.float32, attn_implementation="eager", local_files_only=True
    )
    return model.eval()


def check_factors(adapted: PeftModel, adapter: Path):
    """Every stored factor is in the model, number by number, and the model has no others, under the names by which PEFT saves."""
    stored = load_file(adapter / "adapter_model.safetensors")
    loaded = get_peft_model_state_dict(adapted)
    if stored.keys() != loaded.keys():
        sys.exit(f"PEFT's factors and those stored differ: {sorted(stored.keys() ^ loaded.keys())}")
    for name, tensor in stored.items():
        if not torch.equal(tensor, loaded[name]):
            sys.exit(f"PEFT did not load {name}")
    zeros = [name for name, tensor in stored.items() if not tensor.any()]
    if zeros:
        sys.exit(f"untrained factors: {zeros}")
    print(f"PEFT loaded all {len(stored)} factors, and has no others")


def preprocessing(base: Path) -> tuple[Tensor, Tensor]:
    config = json.loads((base / "preprocessor_config.json").read_text())
    return tuple(torch.tensor(config[key]).view(3, 1, 1) for key in ("image_mean", "image_std"))


def write_noise(file: Path, size: int, normalization: tuple[Tensor, Tensor]) -> Tensor:
    """Writes an image of the model's own size, which needs no resizing; returns its pixels."""
    noise = torch.randint(0, 256, (size, size, 3), dtype=torch.uint8)
    rows = b"".join(b"\0" + row.numpy().tobytes() for row in noise)
    file.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0))
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )
    mean, deviation = normalization
    return ((noise.permute(2, 0, 1) / 255 - mean) / deviation)[None]


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def tokenize(base: Path, text: str) -> Tensor:
    tokenizer = CLIPTokenizer.from_pretrained(base, local_files_only=True)
    return tokenizer(text, return_tensors="pt").input_ids


@torch.no_grad()
def embed_text(model: CLIPModel, ids: Tensor) -> Tensor:
    features = model.text_projection(model.text_model(input_ids=ids).pooler_output)
    return F.normalize(features, dim=-1)[0]


@torch.no_grad()
def embed_image(model: CLIPModel, pixels: Tensor) -> Tensor:
    features = model.visual_projection(model.vision_model(pixel_values=pixels).pooler_output)
    return F.normalize(features, dim=-1)[0]


def embed(flora: Path, arguments: list) -> list[Tensor] | None:
    """What flora prints, or None where it does not know these options."""
    run = subprocess.run([flora, "embed", *arguments], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        print(run.stderr.strip().splitlines()[0])
        return None
    return [torch.tensor(json.loads(line)["embedding"]) for line in run.stdout.splitlines()]


def compare(name: str, expected: list[Tensor], actual: list[Tensor] | None) -> bool:
    if actual is None:
        print(f"{name}: not compared, flora does not print them")
        return False
    if len(actual) != len(expected):
        print(f"{name}: flora printed {len(actual)} embeddings for {len(expected)} inputs")
        return False
    difference = max((a - b).abs().max().item() for a, b in zip(actual, expected))
    print(f"{name}: largest difference {difference:.1e}, allowed {TOLERANCE:.0e}")
    return difference < TOLERANCE


if __name__ == "__main__":
    base, results, method, flora, scratch = sys.argv[1:]
    sys.exit(main(Path(base), Path(results), method, Path(flora).absolute(), Path(scratch)))
