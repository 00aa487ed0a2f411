"""Text and ids: a byte-level BPE with single digits and single punctuation marks, control tokens first. Makes tokenizer.json and its template."""
import json
from pathlib import Path
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

CONTROLS = ['<|bos|>', '<|eos|>', '<|system|>', '<|tools|>', '<|user|>', '<|assistant|>', '<|text|>', '<|call|>', '<|result|>', '<|end|>']
CONTROLS += [f'<|reserved_{number}|>' for number in range(10, 16)]
BOS, EOS, SYSTEM, TOOLS, USER, ASSISTANT, TEXT, CALL, RESULT, END = range(10)

# A word with the space before it, a single digit, a single mark with the space before it, a run of blanks.
PIECES = r' ?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]|\s+(?!\S)|\s'

# Renders messages and tools into the prompt of README.md.
TEMPLATE = (
    "{{- '<|bos|>' -}}"
    "{%- for message in messages if message.role == 'system' -%}{{- '<|system|>' + message.content -}}{%- endfor -%}"
    "{%- if tools -%}{{- '<|tools|>' -}}"
    "{%- for tool in tools -%}{%- set f = tool.function if tool.function is defined else tool -%}"
    "{{- f.name + '(' -}}"
    "{%- if f.parameters is defined and f.parameters.properties is defined -%}"
    "{%- for key in (f.parameters.required if f.parameters.required is defined else f.parameters.properties) -%}{{- key -}}{%- if not loop.last -%}{{- ', ' -}}{%- endif -%}{%- endfor -%}"
    "{%- endif -%}"
    "{{- '): ' + f.description + '\n' -}}"
    "{%- endfor -%}{%- endif -%}"
    "{%- for message in messages -%}"
    "{%- if message.role == 'user' -%}{{- '<|user|>' + message.content -}}"
    "{%- elif message.role == 'text' -%}{{- '<|text|>' + message.content -}}"
    "{%- elif message.role == 'assistant' -%}{{- '<|assistant|>' + message.content + '<|eos|>' -}}{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}"
)


def train_tokenizer(lines, vocabulary):
    """Learns the merges from an iterable of plain text lines."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PIECES), 'isolated'),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=[AddedToken(name, special=True, normalized=False) for name in CONTROLS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False, min_frequency=3)
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


class Codec:
    """Encodes pieces: plain strings never yield a control token, integers stand for themselves."""

    def __init__(self, path):
        self.full = Tokenizer.from_file(str(path))
        plain = json.loads(Path(path).read_text())
        plain['added_tokens'] = []
        self.plain = Tokenizer.from_str(json.dumps(plain))

    def encode(self, text):
        return self.plain.encode(text, add_special_tokens=False).ids

    def encode_pieces(self, pieces):
        return [token for piece in pieces for token in ([piece] if isinstance(piece, int) else self.encode(piece))]

    def decode(self, tokens, controls=False):
        return self.full.decode(tokens, skip_special_tokens=not controls)


def write_tokenizer(tokenizer, folder, context):
    """Writes tokenizer.json and tokenizer_config.json."""
    tokenizer.save(str(Path(folder) / 'tokenizer.json'))
    config = {
        'tokenizer_class': 'PreTrainedTokenizerFast', 'model_max_length': context,
        'bos_token': '<|bos|>', 'eos_token': '<|eos|>', 'pad_token': '<|eos|>',
        'add_bos_token': False, 'add_eos_token': False, 'clean_up_tokenization_spaces': False,
        'added_tokens_decoder': {str(number): {'content': name, 'special': True, 'normalized': False, 'lstrip': False, 'rstrip': False, 'single_word': False}
                                 for number, name in enumerate(CONTROLS)},
        'chat_template': TEMPLATE,
    }
    (Path(folder) / 'tokenizer_config.json').write_text(json.dumps(config, indent=2) + '\n')
