"""Generates the CLIP reference fixtures in this directory with PyTorch and transformers.

    python make_fixtures.py

Small random models are saved by transformers (`tiny/`, `tiny-gelu/` and a folder for each of
ARCHITECTURES), each with a `.reference.safetensors` with inputs, embeddings, losses, gradients
and the results of optimizer steps. PEFT's own adapters for one of them are in `adapters/`. README.md
describes every tensor.
"""

import copy
import json
import math
import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from peft import IA3Config, LoraConfig, PeftConfig, get_peft_model
from safetensors.torch import load_file, save_file
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

# Pooled at the first 37, although the larger id 39 and a second 37 occur elsewhere.
TINY_GELU_PROMPTS = [
    [START, 4, 37, 39, 39, 37, 39, 39, 39, 39],
    [START, 4, 39, 21, 12, 37, 37, 39, 39, 39],
    [START, 4, 9, 33, 2, 16, 27, 37, 39, 39],
]


@dataclass(frozen=True)
class TowerShape:
    width: int
    heads: int
    layers: int
    perceptron: int
    activation: str
    # The linear layer that LoRA adapts in every block, with its rank and alpha.
    lora: tuple[str, int, float]


@dataclass(frozen=True)
class Architecture:
    name: str
    text: TowerShape
    vision: TowerShape
    projection: int
    image: int
    patch: int
    vocabulary: int
    context: int
    # `eos_token_id`; with 2, a text ends at the largest id.
    end: int
    epsilon: float = 1e-5
    stored: torch.dtype = torch.float32
    shards: str | None = None

    @property
    def config(self) -> dict:
        return dict(
            projection_dim=self.projection,
            text_config=self.tower(self.text) | dict(
                vocab_size=self.vocabulary, max_position_embeddings=self.context,
                bos_token_id=0, eos_token_id=self.end, pad_token_id=1,
            ),
            vision_config=self.tower(self.vision) | dict(
                image_size=self.image, patch_size=self.patch, num_channels=3,
            ),
        )

    def tower(self, shape: TowerShape) -> dict:
        return dict(
            hidden_size=shape.width, num_attention_heads=shape.heads,
            num_hidden_layers=shape.layers, intermediate_size=shape.perceptron,
            hidden_act=shape.activation, layer_norm_eps=self.epsilon,
            projection_dim=self.projection,
        )


# Each differs from the others, and from `tiny` and `tiny-gelu`, in all dimensions.
ARCHITECTURES = [
    Architecture(
        "odd-widths", projection=13, image=15, patch=5, vocabulary=41, context=9, end=2,
        text=TowerShape(27, 3, 1, 35, "quick_gelu", lora=("self_attn.out_proj", 2, 32.0)),
        vision=TowerShape(20, 5, 3, 31, "quick_gelu", lora=("mlp.fc1", 3, 4.0)),
    ),
    Architecture(
        "deep-text", projection=24, image=10, patch=10, vocabulary=50, context=12, end=33,
        text=TowerShape(18, 6, 3, 50, "gelu", lora=("mlp.fc2", 1, 8.0)),
        vision=TowerShape(28, 1, 1, 19, "gelu", lora=("self_attn.v_proj", 5, 2.0)),
    ),
    Architecture(
        "float16", projection=17, image=8, patch=2, vocabulary=33, context=7, end=2,
        text=TowerShape(20, 5, 2, 44, "gelu", lora=("self_attn.q_proj", 4, 6.0)),
        vision=TowerShape(21, 7, 2, 40, "quick_gelu", lora=("self_attn.out_proj", 2, 16.0)),
        epsilon=1e-6, stored=torch.float16,
    ),
    Architecture(
        "bfloat16", projection=32, image=14, patch=7, vocabulary=45, context=11, end=30,
        text=TowerShape(25, 1, 2, 29, "quick_gelu", lora=("self_attn.v_proj", 3, 10.0)),
        vision=TowerShape(22, 2, 4, 26, "gelu", lora=("mlp.fc2", 2, 12.0)),
        stored=torch.bfloat16,
    ),
    Architecture(
        "sharded", projection=23, image=16, patch=4, vocabulary=60, context=16, end=59,
        text=TowerShape(30, 10, 4, 15, "quick_gelu", lora=("mlp.fc1", 6, 3.0)),
        vision=TowerShape(36, 4, 2, 72, "quick_gelu", lora=("self_attn.k_proj", 4, 5.0)),
        shards="100KB",
    ),
]

# PEFT's adapters on the first of ARCHITECTURES: an expression for one tower, names for both.
PEFT_ADAPTERS = {
    "plain": LoraConfig(
        r=3, lora_alpha=12, init_lora_weights=False,
        target_modules=r"text_model\.encoder\.layers\.\d+\.(self_attn\.q_proj|mlp\.fc2)",
    ),
    "rslora": LoraConfig(
        r=2, lora_alpha=5, init_lora_weights=False, use_rslora=True,
        target_modules=["out_proj", "self_attn.v_proj"],
    ),
    "dora": LoraConfig(
        r=2, lora_alpha=6, init_lora_weights=False, use_dora=True,
        target_modules=["self_attn.k_proj", "fc1"],
    ),
    "ia3": IA3Config(
        target_modules=["k_proj", "v_proj", "fc2"], feedforward_modules=["fc2"],
        init_ia3_weights=False,
    ),
}


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    make_tiny()
    make_tiny_gelu()
    for index, architecture in enumerate(ARCHITECTURES):
        make_architecture(architecture, seed=10 + index)
    make_adapters(ARCHITECTURES[0].name)
    make_methods()
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

    # Ten steps amplify rounding, so they are computed in float64; eager attention has a
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


def make_architecture(architecture: Architecture, seed: int):
    name = architecture.name
    save_model(name, architecture.config, seed, architecture.stored, architecture.shards)
    model = load_model(name)

    torch.manual_seed(seed + 100)
    prompts = random_prompts(architecture)
    pixels = torch.randn(6, 3, architecture.image, architecture.image)
    labels = torch.tensor([1, 0, 3, 2, 1, 0])
    batches = torch.stack([torch.randperm(len(labels))[:4] for _ in range(20)])
    steps = (pixels[batches], labels[batches])

    tensors = {
        "pixel_values": pixels,
        "class_input_ids": prompts,
        "labels": labels,
        "steps.images": batches,
    }
    outputs = forward_outputs(model, pixels, prompts)
    tensors |= {key: outputs[key] for key in ("image_embeds", "text_embeds")}
    tensors |= loss_and_gradients(contrastive_loss, model, pixels, prompts, labels)
    results = run_steps(
        load_model(name, attention="sdpa"), torch.optim.Adam, 1e-3, steps, prompts
    )
    tensors["steps.full.losses"] = results["losses"]

    for tower in ("text", "vision"):
        setting = f"lora_{tower}"
        module, rank, alpha = getattr(architecture, tower).lora
        targets = [
            f"{tower}_model.encoder.layers.{layer}.{module}"
            for layer in range(getattr(architecture, tower).layers)
        ]
        adapted = load_model(name)
        add_lora(adapted, targets, rank, alpha)
        tensors |= prefixed(setting, trainable_parameters(adapted))
        results = loss_and_gradients(contrastive_loss, adapted, pixels, prompts, labels)
        tensors |= prefixed(setting, results)

        adapted = load_model(name, attention="sdpa")
        add_lora(adapted, targets, rank, alpha)
        results = run_steps(adapted, torch.optim.Adam, 1e-3, steps, prompts)
        tensors[f"steps.{setting}.losses"] = results["losses"]

    save_tensors(f"{name}.reference.safetensors", tensors)


def make_adapters(base: str):
    tensors = {}
    for seed, (name, config) in enumerate(PEFT_ADAPTERS.items(), start=30):
        torch.manual_seed(seed)
        adapted = get_peft_model(load_model(base), config)
        reference = load_reference(base)
        results = forward_outputs(
            adapted.base_model.model, reference["pixel_values"], reference["class_input_ids"].long()
        )
        tensors |= prefixed(name, {key: results[key] for key in ("image_embeds", "text_embeds")})
        directory = emptied(DIRECTORY / "adapters" / name)
        adapted.save_pretrained(directory)
        tidy_adapter(directory)
    save_tensors("adapters.reference.safetensors", tensors)


def make_methods():
    """Scores, losses, gradients and ten Adam steps of the methods other than LoRA, on `tiny`'s inputs."""
    reference = load_reference("tiny")
    prompts = reference["class_input_ids"].long()
    pixels, labels = reference["pixel_values"], reference["labels"].long()
    steps = (reference["steps.pixel_values"], reference["steps.labels"].long())

    tensors = {}
    for seed, method_type in enumerate(METHODS, start=50):
        name = method_type.__name__.lower()

        def make(attention: str) -> nn.Module:
            torch.manual_seed(seed)
            return method_type(load_model("tiny", attention=attention))

        method = make("eager")
        tensors |= prefixed(f"{name}.start", method.own_parameters())
        with torch.no_grad():
            tensors[f"{name}.scores"] = method.scores(pixels, prompts)
        parameters = method.all_parameters()
        loss = method.loss(pixels, prompts, labels)
        gradients = torch.autograd.grad(loss, list(parameters.values()))
        tensors[f"{name}.loss"] = loss
        tensors |= prefixed(f"{name}.grad", dict(zip(parameters, gradients)))

        # In float64, like the steps of `tiny`.
        method = make("sdpa").double()
        optimizer = torch.optim.Adam(method.all_parameters().values(), lr=1e-3, **ADAM)
        losses = []
        for step_pixels, step_labels in zip(*steps):
            loss = method.loss(step_pixels.double(), prompts, step_labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        tensors[f"{name}.steps.losses"] = torch.stack(losses)
        tensors |= prefixed(f"{name}.steps.final", method.final_parameters())
    save_tensors("methods.reference.safetensors", tensors)


def tidy_adapter(directory: Path):
    """Keeps only PEFT's two files, identical on every machine."""
    (directory / "README.md").unlink(missing_ok=True)
    path = directory / "adapter_config.json"
    config = json.loads(path.read_text())
    config["base_model_name_or_path"] = None
    if isinstance(config["target_modules"], list):
        config["target_modules"].sort()
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def random_prompts(architecture: Architecture) -> Tensor:
    """Four prompts of different lengths whose ends only the architecture's own rule finds.

    With `eos_token_id` 2, id 2 is an ordinary word and the largest id ends a text, whose padding
    repeats it. Otherwise larger ids, and further end tokens, occur elsewhere in the text.
    """
    largest = architecture.vocabulary - 1
    prompts = torch.randint(3, largest, (4, architecture.context))
    end = largest if architecture.end == 2 else architecture.end
    prompts[prompts == end] = 3
    for index, prompt in enumerate(prompts):
        length = 2 + (index * (architecture.context - 2)) // 3
        prompt[0] = 0
        prompt[length - 1] = end
        prompt[length:] = end
        if architecture.end == 2:
            prompt[1:length - 1:3] = 2
        elif end < largest:
            prompt[1:length - 1:2] = largest
            prompt[length::2] = largest
    return prompts


# Models


def save_model(
    name: str, config: dict, seed: int, stored: torch.dtype = torch.float32,
    shards: str | None = None,
):
    model = CLIPModel(CLIPConfig(**config))
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter_name, parameter in sorted(model.named_parameters()):
            if parameter_name != "logit_scale":
                randomize(parameter_name, parameter)
    sharding = {} if shards is None else {"max_shard_size": shards}
    model.to(stored).save_pretrained(emptied(DIRECTORY / name), **sharding)


def emptied(directory: Path) -> Path:
    """The directory without files from an earlier run."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def randomize(name: str, parameter: nn.Parameter):
    """Draws a parameter so that no part of the model is trivial and activations stay near 1.

    Embeddings are small, as in trained models: layer norms see a variance of about 0.005, at which
    a wrong epsilon is noticeable.
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
    """Freezes the model and wraps the named linear layers; the factors are reproducible."""
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


# Methods other than LoRA


class Method(nn.Module):
    """A frozen CLIP with additional trained parameters; initial values are random, so that nothing is trivial."""

    # The modules of the CLIP that are also trained.
    trained: tuple[str, ...] = ()

    def __init__(self, clip: CLIPModel):
        super().__init__()
        clip.requires_grad_(False)
        for name in self.trained:
            clip.get_submodule(name).requires_grad_(True)
        # A list keeps the CLIP's parameters out of the method's own.
        self._clip = [clip]

    @property
    def clip(self) -> CLIPModel:
        return self._clip[0]

    def double(self):
        self.clip.double()
        return super().double()

    def own_parameters(self) -> dict[str, Tensor]:
        return dict(self.named_parameters())

    def final_parameters(self) -> dict[str, Tensor]:
        return self.own_parameters()

    def all_parameters(self) -> dict[str, Tensor]:
        return trainable_parameters(self.clip) | self.own_parameters()

    def adapt(self, features: Tensor) -> Tensor:
        return features

    def scores(self, pixels: Tensor, prompts: Tensor) -> Tensor:
        images = F.normalize(self.adapt(image_embeddings(self.clip, pixels)), dim=-1)
        texts = F.normalize(text_embeddings(self.clip, prompts), dim=-1)
        return self.clip.logit_scale.exp() * images @ texts.T

    def loss(self, pixels: Tensor, prompts: Tensor, labels: Tensor) -> Tensor:
        scores = self.scores(pixels, prompts[labels])
        targets = torch.arange(len(labels))
        return (F.cross_entropy(scores, targets) + F.cross_entropy(scores.T, targets)) / 2


class FedLC(Method):
    """A linear classifier on unit image features, without a logit scale."""

    def __init__(self, clip: CLIPModel):
        super().__init__(clip)
        self.classifier = nn.Linear(clip.config.projection_dim, 3)
        nn.init.normal_(self.classifier.bias, std=0.3)

    def scores(self, pixels: Tensor, prompts: Tensor) -> Tensor:
        return self.classifier(F.normalize(image_embeddings(self.clip, pixels), dim=-1))

    def loss(self, pixels: Tensor, prompts: Tensor, labels: Tensor) -> Tensor:
        return F.cross_entropy(self.scores(pixels, prompts), labels)


class FedVMLC(FedLC):
    """Also trains the vision model below the classifier, except the projection between them."""

    trained = ("vision_model",)


class FedAA(Method):
    """FedCLIP's gate: softmax(W2 tanh(W1 x + b1) + b2) x."""

    def __init__(self, clip: CLIPModel):
        super().__init__(clip)
        width = clip.config.projection_dim
        self.image_gate = nn.ModuleDict(
            {"fc1": nn.Linear(width, width), "fc2": nn.Linear(width, width)}
        )
        for layer in self.image_gate.values():
            nn.init.normal_(layer.bias, std=0.3)

    def adapt(self, features: Tensor) -> Tensor:
        scores = self.image_gate["fc2"](torch.tanh(self.image_gate["fc1"](features)))
        return torch.softmax(scores, dim=-1) * features


class FedCA(Method):
    """CLIP-Adapter: 0.2 relu(W2 relu(W1 x)) + 0.8 x."""

    def __init__(self, clip: CLIPModel):
        super().__init__(clip)
        width = clip.config.projection_dim
        self.image_adapter = nn.ModuleDict({
            "fc1": nn.Linear(width, width // 4, bias=False),
            "fc2": nn.Linear(width // 4, width, bias=False),
        })

    def adapt(self, features: Tensor) -> Tensor:
        hidden = torch.relu(self.image_adapter["fc1"](features))
        return 0.2 * torch.relu(self.image_adapter["fc2"](hidden)) + 0.8 * features


class FedPrompt(Method):
    """CoOp: two learned vectors that replace the embeddings of the first two words."""

    def __init__(self, clip: CLIPModel):
        super().__init__(clip)
        self.prompt_learner = nn.Module()
        width = clip.config.text_config.hidden_size
        self.prompt_learner.ctx = nn.Parameter(0.05 * torch.randn(2, width))
        embedding = clip.text_model.embeddings.token_embedding
        embedding.register_forward_hook(lambda module, inputs, output: self.replace(output))

    def replace(self, embeddings: Tensor) -> Tensor:
        context = self.prompt_learner.ctx.expand(len(embeddings), -1, -1)
        return torch.cat([embeddings[:, :1], context, embeddings[:, 3:]], dim=1)


class Tuned(Method):
    """Chosen parameters of the CLIP itself."""

    def __init__(self, clip: CLIPModel):
        super().__init__(clip)
        for name, parameter in clip.named_parameters():
            parameter.requires_grad_(name != "logit_scale" and self.chooses(name))

    def chooses(self, name: str) -> bool:
        raise NotImplementedError

    def final_parameters(self) -> dict[str, Tensor]:
        return trainable_parameters(self.clip)


class Norm(Tuned):
    """All layer normalizations of both towers."""

    def chooses(self, name: str) -> bool:
        return "norm" in name


class NormFit(Tuned):
    """The normalization before the vision tower's blocks."""

    def chooses(self, name: str) -> bool:
        return "pre_layrnorm" in name


class BitFit(Tuned):
    """All biases of both towers."""

    def chooses(self, name: str) -> bool:
        return name.endswith(".bias")


class Adapted(Method):
    """A PEFT adapter on the linear layers of both towers' blocks, with random values."""

    config: PeftConfig

    def __init__(self, clip: CLIPModel):
        super().__init__(clip)
        get_peft_model(clip, copy.deepcopy(self.config))
        for name, parameter in self.own_parameters().items():
            # Magnitudes start from the weights' norms, and (IA)³'s factors from 1.
            noise = 0.1 * torch.randn(parameter.shape)
            is_near = name.endswith(("ia3_l", "lora_magnitude_vector"))
            parameter.data = parameter.data + noise if is_near else noise

    def own_parameters(self) -> dict[str, Tensor]:
        """The trained parameters, under the names in PEFT's files."""
        return {
            name.replace(".default", "").replace("magnitude_vector.weight", "magnitude_vector"): parameter
            for name, parameter in trainable_parameters(self.clip).items()
        }

    def all_parameters(self) -> dict[str, Tensor]:
        return self.own_parameters()


LINEARS = r".*\.encoder\.layers\.\d+\.(self_attn|mlp)\.(q_proj|k_proj|v_proj|out_proj|fc1|fc2)"


class IA3(Adapted):
    config = IA3Config(target_modules=LINEARS, feedforward_modules=r".*\.fc2")


class DoRA(Adapted):
    """Rank 3; PEFT's lora_alpha / r is 4."""

    config = LoraConfig(r=3, lora_alpha=12, use_dora=True, target_modules=LINEARS)


class VPTShallow(Method):
    """VPT: three learned tokens after the class token, at the input of the first block."""

    depth = 1

    def __init__(self, clip: CLIPModel):
        super().__init__(clip)
        width = clip.config.vision_config.hidden_size
        self.visual_prompts = nn.ParameterList(
            nn.Parameter(0.5 * torch.randn(3, width)) for _ in range(self.depth)
        )
        for index, layer in enumerate(clip.vision_model.encoder.layers[: self.depth]):
            layer.register_forward_pre_hook(self.prompted(index))

    def prompted(self, index: int):
        def hook(module, inputs):
            x = inputs[0]
            prompts = self.visual_prompts[index].expand(len(x), -1, -1)
            rest = x[:, 1:] if index == 0 else x[:, 1 + prompts.shape[1] :]
            return (torch.cat([x[:, :1], prompts, rest], dim=1), *inputs[1:])

        return hook


class VPTDeep(VPTShallow):
    """The same at the input of every block, in place of the previous block's outputs for them."""

    depth = 2


METHODS = [
    FedLC, FedVMLC, FedAA, FedCA, FedPrompt, Norm, NormFit, BitFit, VPTShallow, VPTDeep,
    IA3, DoRA,
]


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
    """One optimizer step per batch; losses are those before each step."""
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


def load_reference(name: str) -> dict[str, Tensor]:
    return load_file(DIRECTORY / f"{name}.reference.safetensors")


def storable(tensor: Tensor) -> Tensor:
    tensor = tensor.detach().clone().contiguous()
    return tensor.to(torch.float32 if tensor.is_floating_point() else torch.int32)


def print_sizes():
    files = [path for path in sorted(DIRECTORY.rglob("*")) if path.is_file()]
    for path in files:
        print(f"{path.stat().st_size:>9,}  {path.relative_to(DIRECTORY)}")
    print(f"{sum(path.stat().st_size for path in files):>9,}  in total")


if __name__ == "__main__":
    main()
