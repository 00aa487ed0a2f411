"""Writes a Hugging Face folder: config.json, generation_config.json, model.safetensors, tokenizer files. Also from a checkpoint on the command line."""
import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from model import Shape
from tokenizer import BOS, EOS, TEMPLATE


def export(weights, shape, tokenizer_folder, folder, kind=torch.float32):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    save_file({'model.' + name: tensor.detach().to(kind).contiguous() for name, tensor in weights.items()}, str(folder / 'model.safetensors'), {'format': 'pt'})
    config = {
        'architectures': ['LlamaForCausalLM'], 'model_type': 'llama', 'vocab_size': shape.vocabulary, 'hidden_size': shape.width,
        'intermediate_size': shape.feed_forward, 'num_hidden_layers': shape.layers, 'num_attention_heads': shape.heads,
        'num_key_value_heads': shape.kv_heads, 'head_dim': shape.head_size, 'hidden_act': 'silu', 'max_position_embeddings': shape.context,
        'rms_norm_eps': shape.rms_epsilon, 'rope_theta': shape.rope_theta, 'tie_word_embeddings': True, 'attention_bias': False, 'mlp_bias': False,
        'bos_token_id': BOS, 'eos_token_id': EOS, 'torch_dtype': str(kind).replace('torch.', ''),
    }
    generation = {'bos_token_id': BOS, 'eos_token_id': EOS, 'do_sample': False, 'max_new_tokens': 256}
    (folder / 'config.json').write_text(json.dumps(config, indent=2) + '\n')
    (folder / 'generation_config.json').write_text(json.dumps(generation, indent=2) + '\n')
    shutil.copyfile(Path(tokenizer_folder) / 'tokenizer.json', folder / 'tokenizer.json')
    tokenizer = json.loads((Path(tokenizer_folder) / 'tokenizer_config.json').read_text()) | {'chat_template': TEMPLATE}
    (folder / 'tokenizer_config.json').write_text(json.dumps(tokenizer, indent=2) + '\n')


if __name__ == '__main__':  # export.py run-folder target [average|model] [half]
    run, target = Path(sys.argv[1]), sys.argv[2]
    saved = torch.load(run / 'latest.pt', weights_only=False)
    export(saved[sys.argv[3] if len(sys.argv) > 3 else 'average'], Shape(**saved['shape']), run, target, torch.float16 if 'half' in sys.argv else torch.float32)
