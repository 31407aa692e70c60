"""Generates `autocast.reference.safetensors`: fifty training steps of `tiny` under PyTorch's CPU autocast to bfloat16.

    python make_autocast_fixture.py

The batches are the ten of `tiny.reference.safetensors`, used five times. In addition to the losses under
autocast, there are those of the same steps in float32 and float64, to show the effect of bfloat16.
"""

import contextlib

import torch

from make_fixtures import (
    ADAM, add_lora, contrastive_loss, load_model, load_reference, lora_settings, prefixed,
    save_tensors, trainable_parameters, zero_lora_b,
)

PASSES = 5
LEARNING_RATES = {"lora_text": 1e-3, "full": 1e-4}


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    tensors = {}
    for setting in LEARNING_RATES:
        losses = {
            "autocast": steps(setting, torch.float32, autocast=True),
            "float32": steps(setting, torch.float32),
            "float64": steps(setting, torch.float64),
        }
        tensors |= prefixed(f"steps.{setting}.adam", losses)
        exact = losses["float64"]
        for name, curve in losses.items():
            error = ((curve.double() - exact) / exact).abs()
            print(f"{setting} {name}: {error.max():.2e} at most, {error.mean():.2e} on average")
        print(f"{setting} from {exact[0]:.4f} to {exact[-1]:.4f}")
    save_tensors("autocast.reference.safetensors", tensors)


def steps(setting: str, dtype: torch.dtype, autocast: bool = False) -> torch.Tensor:
    """The loss before each step."""
    reference = load_reference("tiny")
    prompts = reference["class_input_ids"].long()
    batches = (reference["steps.pixel_values"].to(dtype), reference["steps.labels"].long())
    model = load_model("tiny", attention="sdpa")
    if setting == "lora_text":
        add_lora(model, *lora_settings(model)["lora_text"])
        zero_lora_b(model)
    model = model.to(dtype)
    parameters = trainable_parameters(model).values()
    optimizer = torch.optim.Adam(parameters, lr=LEARNING_RATES[setting], **ADAM)
    losses = []
    for pixels, labels in PASSES * list(zip(*batches)):
        with torch.autocast("cpu", torch.bfloat16) if autocast else contextlib.nullcontext():
            loss = contrastive_loss(model, pixels, prompts, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses)


if __name__ == "__main__":
    main()
