"""Makes the CLIP reference fixtures in this directory with PyTorch and transformers.

    python make_fixtures.py

Two small random models are saved as transformers saves them (`tiny/`, `tiny-gelu/`), each beside a
`.reference.safetensors` with inputs, embeddings, losses, gradients and, for `tiny`, the parameters
after ten optimizer steps. README.md names every tensor.
"""

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import CLIPConfig, CLIPModel

DIRECTORY = Path(__file__).resolve().parent

START, END = 38, 39
ADAM = dict(betas=(0.9, 0.98), eps=1e-6, weight_decay=0.2)
OPTIMIZERS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}

TINY = dict(
    projection_dim=20,
    logit_scale_init_value=2.6592,
    text_config=dict(
        hidden_size=24, num_attention_heads=3, num_hidden_layers=2, intermediate_size=40,
        vocab_size=40, max_position_embeddings=10, projection_dim=20,
        hidden_act="quick_gelu", layer_norm_eps=1e-5,
        bos_token_id=0, eos_token_id=2, pad_token_id=1,
    ),
    vision_config=dict(
        hidden_size=32, num_attention_heads=4, num_hidden_layers=2, intermediate_size=48,
        image_size=12, patch_size=4, num_channels=3, projection_dim=20,
        hidden_act="quick_gelu", layer_norm_eps=1e-5,
    ),
)

TINY_GELU = dict(
    projection_dim=12,
    logit_scale_init_value=2.6592,
    text_config=dict(
        hidden_size=16, num_attention_heads=2, num_hidden_layers=2, intermediate_size=28,
        vocab_size=40, max_position_embeddings=10, projection_dim=12,
        hidden_act="gelu", layer_norm_eps=1e-6,
        bos_token_id=START, eos_token_id=37, pad_token_id=39,
    ),
    vision_config=dict(
        hidden_size=24, num_attention_heads=3, num_hidden_layers=2, intermediate_size=36,
        image_size=12, patch_size=6, num_channels=3, projection_dim=12,
        hidden_act="gelu", layer_norm_eps=1e-6,
    ),
)

# Pooled at the largest id, 39; the id 2 in the second prompt is an ordinary word.
TINY_PROMPTS = [
    [START, 5, 17, END],
    [START, 5, 2, 31, 8, 36, END],
    [START, 5, 23, 11, 5, 29, 14, 37, 20, END],
]

# Pooled at the first 37, although the larger id 39 and a second 37 stand elsewhere.
TINY_GELU_PROMPTS = [
    [START, 4, 37, 39, 39, 37, 39, 39, 39, 39],
    [START, 4, 39, 21, 12, 37, 37, 39, 39, 39],
    [START, 4, 9, 33, 2, 16, 27, 37, 39, 39],
]


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    make_tiny()
    make_tiny_gelu()
    print_sizes()


def make_tiny():
    save_model("tiny", TINY, seed=1)
    model = load_model("tiny")

    torch.manual_seed(2)
    lengths = torch.tensor([len(prompt) for prompt in TINY_PROMPTS])
    prompts = torch.tensor([prompt + [0] * (10 - len(prompt)) for prompt in TINY_PROMPTS])
    pixels = torch.randn(5, 3, 12, 12)
    labels = torch.tensor([0, 1, 0, 2, 1])
    steps = (torch.randn(10, 4, 3, 12, 12), torch.randint(0, len(prompts), (10, 4)))

    tensors = {
        "pixel_values": pixels,
        "class_input_ids": prompts,
        "class_lengths": lengths,
        "labels": labels,
        "steps.pixel_values": steps[0],
        "steps.labels": steps[1],
    }
    tensors |= forward_outputs(model, pixels, prompts)
    for loss in (contrastive_loss, classification_loss):
        tensors |= loss_and_gradients(loss, model, pixels, prompts, labels)

    for setting, (targets, rank, alpha) in lora_settings(model).items():
        adapted = load_model("tiny")
        add_lora(adapted, targets, rank, alpha)
        tensors |= prefixed(setting, trainable_parameters(adapted))
        for loss in (contrastive_loss, classification_loss):
            results = loss_and_gradients(loss, adapted, pixels, prompts, labels)
            tensors |= prefixed(setting, results)

    # Ten steps amplify rounding, so that they are computed in float64; the eager attention has a
    # float32 softmax even there.
    for name, optimizer in OPTIMIZERS.items():
        adapted = load_model("tiny", attention="sdpa")
        add_lora(adapted, *lora_settings(adapted)["lora_text"])
        zero_lora_b(adapted)
        results = run_steps(adapted, optimizer, 1e-3, steps, prompts)
        tensors |= prefixed(f"steps.lora_text.{name}", results)

        results = run_steps(load_model("tiny", attention="sdpa"), optimizer, 1e-4, steps, prompts)
        tensors |= prefixed(f"steps.full.{name}", results)

    save_tensors("tiny.reference.safetensors", tensors)


def make_tiny_gelu():
    save_model("tiny-gelu", TINY_GELU, seed=3)
    model = load_model("tiny-gelu")

    torch.manual_seed(4)
    prompts = torch.tensor(TINY_GELU_PROMPTS)
    pixels = torch.randn(4, 3, 12, 12)
    labels = torch.tensor([2, 0, 1, 0])

    tensors = {"pixel_values": pixels, "class_input_ids": prompts, "labels": labels}
    tensors |= forward_outputs(model, pixels, prompts)
    tensors |= loss_and_gradients(contrastive_loss, model, pixels, prompts, labels)
    save_tensors("tiny-gelu.reference.safetensors", tensors)


# Models


def save_model(name: str, config: dict, seed: int):
    model = CLIPModel(CLIPConfig(**config))
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter_name, parameter in sorted(model.named_parameters()):
            if parameter_name != "logit_scale":
                randomize(parameter_name, parameter)
    model.save_pretrained(DIRECTORY / name)


def randomize(name: str, parameter: nn.Parameter):
    """Draws a parameter so that no part of the model is trivial and activations stay near 1.

    Embeddings are small, as in trained models: layer norms see a variance of about 0.005, at which
    a wrong epsilon shows.
    """
    noise = torch.randn(parameter.shape)
    if "norm" in name or "layrnorm" in name:
        parameter.copy_(0.1 * noise + (1 if name.endswith("weight") else 0))
    elif name.endswith("bias"):
        parameter.copy_(0.1 * noise)
    elif name.endswith("patch_embedding.weight"):
        parameter.copy_(0.05 * noise / math.sqrt(parameter[0].numel()))
    elif "embedding" in name:
        parameter.copy_(0.05 * noise)
    else:
        parameter.copy_(noise / math.sqrt(parameter.shape[1]))


def load_model(name: str, attention: str = "eager") -> CLIPModel:
    model = CLIPModel.from_pretrained(
        DIRECTORY / name, attn_implementation=attention, dtype=torch.float32
    )
    model.logit_scale.requires_grad_(False)
    return model.eval()


# LoRA


class LoRALinear(nn.Module):
    """y = W x + b + alpha B A x; alpha is not divided by the rank."""

    def __init__(self, linear: nn.Linear, rank: int, alpha: float):
        super().__init__()
        self.linear = linear
        self.alpha = alpha
        self.lora_A = nn.Linear(linear.in_features, rank, bias=False)
        self.lora_B = nn.Linear(rank, linear.out_features, bias=False)
        nn.init.normal_(self.lora_A.weight, std=0.1 / rank)
        nn.init.normal_(self.lora_B.weight, std=0.02)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) + self.alpha * self.lora_B(self.lora_A(x))


def lora_settings(model: CLIPModel) -> dict[str, tuple[list[str], int, float]]:
    """The adapted linear layers, the rank and alpha of each setting."""
    linears = [
        name
        for name, module in sorted(model.named_modules())
        if isinstance(module, nn.Linear) and ".encoder.layers." in name
    ]
    text_outputs = [
        name for name in linears if name.startswith("text_model") and name.endswith("out_proj")
    ]
    return {"lora_text": (text_outputs, 2, 32.0), "lora_both": (linears, 3, 4.0)}


def add_lora(model: CLIPModel, targets: list[str], rank: int, alpha: float):
    """Freezes the model and wraps the named linear layers; the factors are the same every time."""
    torch.manual_seed(5)
    model.requires_grad_(False)
    for target in targets:
        parent, _, child = target.rpartition(".")
        linear = model.get_submodule(target)
        setattr(model.get_submodule(parent), child, LoRALinear(linear, rank, alpha))


def zero_lora_b(model: CLIPModel):
    for module in model.modules():
        if isinstance(module, LoRALinear):
            nn.init.zeros_(module.lora_B.weight)


# Losses


def image_embeddings(model: CLIPModel, pixels: Tensor) -> Tensor:
    return model.visual_projection(model.vision_model(pixel_values=pixels).pooler_output)


def text_embeddings(model: CLIPModel, input_ids: Tensor) -> Tensor:
    return model.text_projection(model.text_model(input_ids=input_ids).pooler_output)


def logits(model: CLIPModel, pixels: Tensor, input_ids: Tensor) -> Tensor:
    """exp(logit_scale) times the cosine of every image (row) with every text (column)."""
    images = F.normalize(image_embeddings(model, pixels), dim=-1)
    texts = F.normalize(text_embeddings(model, input_ids), dim=-1)
    return model.logit_scale.exp() * images @ texts.T


def contrastive_loss(model: CLIPModel, pixels: Tensor, prompts: Tensor, labels: Tensor) -> Tensor:
    """One prompt per image, so images of the same class are each other's false negatives."""
    scores = logits(model, pixels, prompts[labels])
    targets = torch.arange(len(labels))
    return (F.cross_entropy(scores, targets) + F.cross_entropy(scores.T, targets)) / 2


def classification_loss(
    model: CLIPModel, pixels: Tensor, prompts: Tensor, labels: Tensor
) -> Tensor:
    return F.cross_entropy(logits(model, pixels, prompts), labels)


# Results


@torch.no_grad()
def forward_outputs(model: CLIPModel, pixels: Tensor, prompts: Tensor) -> dict[str, Tensor]:
    return {
        "image_embeds": image_embeddings(model, pixels),
        "text_embeds": text_embeddings(model, prompts),
        "vision_hidden": model.vision_model(pixel_values=pixels).last_hidden_state,
        "text_hidden": model.text_model(input_ids=prompts).last_hidden_state,
    }


def trainable_parameters(model: CLIPModel) -> dict[str, Tensor]:
    return {
        name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad
    }


def loss_and_gradients(
    loss_function, model: CLIPModel, pixels: Tensor, prompts: Tensor, labels: Tensor
) -> dict[str, Tensor]:
    parameters = trainable_parameters(model)
    loss = loss_function(model, pixels, prompts, labels)
    gradients = torch.autograd.grad(loss, list(parameters.values()))
    results = {"loss": loss} | prefixed("grad", dict(zip(parameters, gradients)))
    return prefixed(loss_function.__name__.removesuffix("_loss"), results)


def run_steps(
    model: CLIPModel,
    optimizer_type: type[torch.optim.Optimizer],
    learning_rate: float,
    steps: tuple[Tensor, Tensor],
    prompts: Tensor,
) -> dict[str, Tensor]:
    """One optimizer step per batch; each loss is the one before its step."""
    model = model.double()
    parameters = trainable_parameters(model)
    optimizer = optimizer_type(parameters.values(), lr=learning_rate, **ADAM)
    losses = []
    for pixels, labels in zip(*steps):
        loss = contrastive_loss(model, pixels.double(), prompts, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return {"losses": torch.stack(losses)} | prefixed("final", parameters)


def prefixed(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}.{name}": tensor for name, tensor in tensors.items()}


# Files


def save_tensors(name: str, tensors: dict[str, Tensor]):
    save_file({key: storable(tensor) for key, tensor in tensors.items()}, DIRECTORY / name)


def storable(tensor: Tensor) -> Tensor:
    tensor = tensor.detach().clone().contiguous()
    return tensor.to(torch.float32 if tensor.is_floating_point() else torch.int32)


def print_sizes():
    files = [path for path in sorted(DIRECTORY.rglob("*")) if path.is_file()]
    for path in files:
        print(f"{path.stat().st_size:>9,}  {path.relative_to(DIRECTORY)}")
    print(f"{sum(path.stat().st_size for path in files):>9,}  in all")


if __name__ == "__main__":
    main()
