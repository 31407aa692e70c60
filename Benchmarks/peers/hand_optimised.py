"""A carefully hand-optimised FLORA step in PyTorch: the same mathematics with less work.

Image features are inputs, since their tower is frozen. The distinct prompts are encoded once,
without padding, and the loss over their columns counts the images of each class. Frozen weights
have no gradients; queries, keys and values are computed in one product.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import CLIPModel

from paper import Step, adam, adapt_text_outputs
from shapes import ALPHA, Batch, Shape


class HandOptimisedStep(Step):
    """One step on a batch; uses only its labels and prompts.

    `fused_attention` selects scaled_dot_product_attention instead of two products and a softmax.
    """

    def __init__(self, shape: Shape, images: Tensor, fused_attention: bool = True):
        model = shape.model()
        adapt_text_outputs(model)
        self.encoder = TextEncoder(model, fused_attention)
        self.images = images
        self.scale = model.logit_scale.detach().exp()
        self.trained = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = adam(self.trained, fused=True)

    def loss(self, batch: Batch) -> Tensor:
        prompts = F.normalize(self.encoder(batch.prompts), dim=-1)
        return contrastive(self.scale * self.images @ prompts.T, batch.labels)


def contrastive(logits: Tensor, labels: Tensor) -> Tensor:
    """CLIP's loss within the batch, from one column for each class.

    A prompt shared by n images represents n equal columns of the square matrix. Every class must
    have an image.
    """
    counts = torch.bincount(labels, minlength=logits.shape[1]).to(logits.dtype)
    own = logits.gather(1, labels[:, None]).sum()
    rows = torch.logsumexp(logits + counts.log(), dim=1).sum()
    columns = counts @ torch.logsumexp(logits, dim=0)
    return (rows + columns - 2 * own) / (2 * len(labels))


class TextEncoder:
    """CLIP's text tower up to the projection, for texts of equal length that end with the end token."""

    def __init__(self, model: CLIPModel, fused_attention: bool):
        text = model.text_model
        self.embeddings = text.embeddings
        self.layers = [Layer(layer, fused_attention) for layer in text.encoder.layers]
        self.final_norm = text.final_layer_norm
        self.projection = model.text_projection

    def __call__(self, tokens: Tensor) -> Tensor:
        x = self.embeddings(tokens)
        for layer in self.layers:
            x = layer(x)
        return self.projection(self.final_norm(x[:, -1]))


class Layer:
    def __init__(self, layer: nn.Module, fused_attention: bool):
        attention = layer.self_attn
        projections = [attention.q_proj, attention.k_proj, attention.v_proj]
        self.weight = torch.cat([p.weight for p in projections])
        self.bias = torch.cat([p.bias for p in projections])
        self.heads = attention.num_heads
        self.output = attention.out_proj
        self.norms = layer.layer_norm1, layer.layer_norm2
        self.perceptron = layer.mlp
        self.attend = F.scaled_dot_product_attention if fused_attention else attend

    def __call__(self, x: Tensor) -> Tensor:
        x = x + self.project(self.attention(self.norms[0](x)))
        hidden = self.perceptron.fc1(self.norms[1](x))
        return x + self.perceptron.fc2(hidden * torch.sigmoid(1.702 * hidden))

    def attention(self, x: Tensor) -> Tensor:
        texts, length, width = x.shape
        joint = F.linear(x, self.weight, self.bias).view(texts, length, 3, self.heads, -1)
        query, key, value = joint.permute(2, 0, 3, 1, 4)
        mixed = self.attend(query, key, value, is_causal=True)
        return mixed.transpose(1, 2).reshape(texts, length, width)

    def project(self, x: Tensor) -> Tensor:
        """The frozen projection plus LoRA's output."""
        frozen = F.linear(x, self.output.linear.weight, self.output.linear.bias)
        return frozen + ALPHA * F.linear(F.linear(x, self.output.a), self.output.b)


def attend(query: Tensor, key: Tensor, value: Tensor, is_causal: bool) -> Tensor:
    length = query.shape[-2]
    scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
    if is_causal:
        above = torch.ones(length, length, dtype=torch.bool).triu(1)
        scores = scores.masked_fill(above, float("-inf"))
    return scores.softmax(-1) @ value
