"""The network: a LLaMA decoder in plain PyTorch. Knows tensors; nothing of text or tools."""
from dataclasses import dataclass
import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Shape:
    vocabulary: int = 3584
    width: int = 192
    layers: int = 6
    heads: int = 6
    kv_heads: int = 2
    head_size: int = 32
    feed_forward: int = 512
    context: int = 2048
    rope_theta: float = 10000.0
    rms_epsilon: float = 1e-5


class Norm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.epsilon)


class Attention(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        query, key = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
        self.q_proj = nn.Linear(shape.width, query, bias=False)
        self.k_proj = nn.Linear(shape.width, key, bias=False)
        self.v_proj = nn.Linear(shape.width, key, bias=False)
        self.o_proj = nn.Linear(query, shape.width, bias=False)

    def forward(self, x, rotation, mask, past):
        batch, length, _ = x.shape
        split = lambda y: y.view(batch, length, -1, self.shape.head_size).transpose(1, 2)
        q = rotate(split(self.q_proj(x)), rotation)  # [batch, head, position, head_size]
        k = rotate(split(self.k_proj(x)), rotation)  # [batch, kv_head, position, head_size]
        v = split(self.v_proj(x))
        if past is not None:
            k = torch.cat((past[0].expand(batch, -1, -1, -1), k), 2)
            v = torch.cat((past[1].expand(batch, -1, -1, -1), v), 2)
        q = q.reshape(batch, self.shape.kv_heads, -1, self.shape.head_size)  # the heads of a group stand one after the other
        scores = q @ k.transpose(-1, -2) * self.shape.head_size ** -0.5 + mask
        y = (torch.softmax(scores, -1) @ v).view(batch, self.shape.heads, length, -1)
        return self.o_proj(y.transpose(1, 2).reshape(batch, length, -1)), (k, v)


class FeedForward(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.gate_proj = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.up_proj = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.down_proj = nn.Linear(shape.feed_forward, shape.width, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.input_layernorm = Norm(shape.width, shape.rms_epsilon)
        self.self_attn = Attention(shape)
        self.post_attention_layernorm = Norm(shape.width, shape.rms_epsilon)
        self.mlp = FeedForward(shape)

    def forward(self, x, rotation, mask, past):
        y, present = self.self_attn(self.input_layernorm(x), rotation, mask, past)
        x = x + y
        return x + self.mlp(self.post_attention_layernorm(x)), present


class Model(nn.Module):
    """Names of the parameters are those of LlamaForCausalLM without the leading `model.`."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.embed_tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width, shape.rms_epsilon)
        frequency = shape.rope_theta ** (-torch.arange(0, shape.head_size, 2).float() / shape.head_size)
        angle = torch.outer(torch.arange(shape.context).float(), frequency).repeat(1, 2)
        self.register_buffer('angle', angle, persistent=False)  # [position, head_size]
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                deviation = 0.02 if 'embed' in name else parameter.shape[1] ** -0.5
                nn.init.normal_(parameter, 0, deviation)
                if name.endswith(('o_proj.weight', 'down_proj.weight')):
                    parameter.data.mul_((2 * shape.layers) ** -0.5)

    def forward(self, tokens, past=None):
        """tokens [batch, length], past: one (key, value) a layer, shared by the batch or one a row. Returns hidden states and the new cache."""
        start = past[0][0].shape[2] if past else 0
        length = tokens.shape[1]
        angle = self.angle[start:start + length]
        x = self.embed_tokens(tokens)
        if torch.is_autocast_enabled('cpu'):
            x = x.bfloat16()
        half = self.shape.head_size // 2
        sine = torch.cat((-angle[:, :half].sin(), angle[:, half:].sin()), 1)
        rotation = (angle.cos().to(x.dtype), sine.to(x.dtype))
        mask = torch.full((length, start + length), -30000.0, dtype=x.dtype).triu(start + 1)
        mask = mask.repeat(self.shape.heads // self.shape.kv_heads, 1)
        presents = []
        for number, layer in enumerate(self.layers):
            x, present = layer(x, rotation, mask, past[number] if past else None)
            presents.append(present)
        return self.norm(x), presents

    def logits(self, hidden):
        return F.linear(hidden, self.embed_tokens.weight)


def rotate(x, rotation):
    """Turns pairs (i, i + half) by their angle; the sign of the first half's sine is in the table."""
    return x * rotation[0] + x.roll(x.shape[-1] // 2, -1) * rotation[1]
