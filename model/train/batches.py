"""Packs drawn conversations into padded batches that share one prompt. Knows the generator and the tokens; nothing of the network."""
import random

import torch

from generate import Generator
from prompts import DEFAULT_TOOLS, SYSTEMS, draw_tools, prompt_pieces
from tokenizer import EOS

LONGEST = 400  # tokens of a conversation, without its prompt


class Batches:
    """Batches of one kind of prompt: (prompt ids, tokens [batch, length], weights [batch, length - 1])."""

    def __init__(self, source, codec, seed, kind, tokens, pool):
        self.generator, self.codec, self.kind, self.tokens, self.pool = Generator(source, seed), codec, kind, tokens, pool
        self.random = random.Random(seed + 1)
        self.ready = []

    def next(self):
        if not self.ready:
            self.fill()
        return self.ready.pop()

    def fill(self):
        tools = {'default': DEFAULT_TOOLS, 'varied': draw_tools(self.random), 'none': None}[self.kind]
        system = self.random.choice(SYSTEMS) if self.kind != 'default' and self.random.random() < 0.2 else None
        prompt = self.codec.encode_pieces(prompt_pieces(tools, system))
        rows = []
        while len(rows) < self.pool:
            _, pieces = self.generator.conversation(tools)
            encoded = [(token, weight) for piece, weight in pieces for token in self.codec.encode_pieces([piece])]
            if len(encoded) <= LONGEST:
                rows.append(encoded)
        rows.sort(key=len)
        while rows:
            size = max(1, self.tokens // len(rows[-1]))
            batch, rows = rows[-size:], rows[:-size]
            self.ready.append((prompt, *pad(batch)))
        self.random.shuffle(self.ready)


def pad(batch):
    """The first token of a conversation is always given, so only what follows it is predicted."""
    length = max(map(len, batch))
    tokens, weights = torch.full((len(batch), length), EOS), torch.zeros(len(batch), length)
    for row, encoded in enumerate(batch):
        tokens[row, :len(encoded)] = torch.tensor([token for token, _ in encoded])
        weights[row, :len(encoded)] = torch.tensor([weight for _, weight in encoded])
    light = (weights > 0) & (weights < 1)  # of the lightly weighted tokens a third, at three times the weight: the same on average, and fewer logits
    weights[light] *= 3 * (torch.rand(int(light.sum())) < 1 / 3)
    return tokens, weights[:, 1:]
