"""Trains the model: reads text/, makes conversations as it goes, writes checkpoints, logs. `--tiny` proves the whole path in minutes."""
import argparse
import json
import os
import shutil
import signal
import time
from pathlib import Path

import torch
import torch.multiprocessing as multiprocessing
import torch.nn.functional as F
from safetensors.torch import load_file

from batches import Batches
from export import export
from generate import EARLY, MIX, Generator, Source
from group import Group
from model import Model, Shape
from muon import Muon
from prompts import DEFAULT_TOOLS, prompt_pieces
from tokenizer import Codec, train_tokenizer, write_tokenizer

HERE = Path(__file__).parent

def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--out', default='run', help='folder of checkpoints, tokenizer and export')
    parser.add_argument('--data', default=None, help='folder with clinc150/ and gsm8k/')
    parser.add_argument('--text', default=str(HERE / 'text'))
    parser.add_argument('--until', help='hour and minute at which the learning rate reaches its end, as 07:50')
    parser.add_argument('--minutes', type=float, default=90, help='where --until is not given')
    parser.add_argument('--start-from', help='an exported folder (its tokenizer is taken too) or a checkpoint to take the weights from; with more --layers it is grown')
    parser.add_argument('--processes', type=int, default=2, help='each works on batches of its own with one thread, which is a third faster than threads')
    parser.add_argument('--tokens', type=int, default=4000, help='padded tokens of the main part of the batch of one process')
    parser.add_argument('--rate', type=float, default=1.0, help='factor on the learning rates')
    parser.add_argument('--flat', type=float, default=0.4, help='share of the time before the rate falls')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--evaluate-minutes', type=float, default=15)
    parser.add_argument('--every-line', action='store_true', help='train on the held-out request lines too; scenes, phrases and requests of CLINC150 stay held out')
    parser.add_argument('--exclude', help='folder of evaluation questions: lines that share eight words in a row with them are left out')
    parser.add_argument('--tiny', action='store_true')
    for name in ('width', 'layers', 'heads', 'kv_heads', 'feed_forward', 'vocabulary'):
        parser.add_argument('--' + name.replace('_', '-'), type=int, default={'layers': 8}.get(name, getattr(Shape, name)))
    options = parser.parse_args()
    if options.tiny:
        options.width, options.layers, options.heads, options.feed_forward, options.vocabulary = 64, 2, 2, 160, 1024
        options.minutes, options.tokens, options.evaluate_minutes = 1, 2000, 100
    return options


def loss_of(model, prompt, tokens, weights):
    """The weighted sum of the losses of one batch."""
    with torch.autocast('cpu', torch.bfloat16):
        _, past = model(torch.tensor([prompt]))
        hidden, _ = model(tokens[:, :-1], past)
        keep = weights.reshape(-1).nonzero().squeeze(1)
        logits = model.logits(hidden.reshape(-1, hidden.shape[-1])[keep])
    return (F.cross_entropy(logits.float(), tokens[:, 1:].reshape(-1)[keep], reduction='none') * weights.reshape(-1)[keep]).sum()


def learning_rate(step, progress, flat):
    warm = min(1.0, (step + 1) / 60)
    return warm * (1.0 if progress < flat else max(0.02, 1 - 0.98 * (progress - flat) / (1 - flat)))


def main():
    options = arguments()
    out = Path(options.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    for meeting in out.glob('meeting-*'):
        meeting.unlink()
    if options.start_from and Path(options.start_from).is_dir() and not (out / 'tokenizer.json').exists():
        for name in ('tokenizer.json', 'tokenizer_config.json'):
            shutil.copyfile(Path(options.start_from) / name, out / name)
    if not (out / 'tokenizer.json').exists():
        write_tokenizer(train_tokenizer(tokenizer_lines(read_source(options)), options.vocabulary), out, Shape.context)
    helpers = [multiprocessing.get_context('spawn').Process(target=train, args=(rank, options, out), daemon=True) for rank in range(1, options.processes)]
    for helper in helpers:
        helper.start()
    train(0, options, out)


def train(rank, options, out):
    """The run as process `rank` of all sees it; the first reads the clock, writes and prints for all."""
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    group = Group(rank, options.processes, out)
    source, codec = read_source(options), Codec(out / 'tokenizer.json')
    shape = Shape(options.vocabulary, options.width, options.layers, options.heads, options.kv_heads, feed_forward=options.feed_forward)
    model = Model(shape)
    parameters = list(model.parameters())
    matrices = [parameter for name, parameter in model.named_parameters() if parameter.dim() == 2 and 'embed' not in name]
    others = [parameter for name, parameter in model.named_parameters() if parameter.dim() == 1 or 'embed' in name]
    optimisers = [Muon(matrices, 0.02, group), torch.optim.AdamW(others, 3e-3, betas=(0.9, 0.95), weight_decay=0)]
    state = {'step': 0, 'tokens': 0, 'begin': time.time(), 'end': end_time(options)}
    average = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    latest = out / 'latest.pt'
    resume = latest if latest.exists() else options.start_from
    if resume:
        saved = read_weights(resume) if Path(resume).is_dir() else torch.load(resume, weights_only=False)
        model.load_state_dict(grown(saved['model'], model))
        grown_average = grown(saved['average'], model)
        average = {name: grown_average[name].clone() for name, _ in model.named_parameters()}
        if latest.exists():
            for optimiser, content in zip(optimisers, saved['optimisers']):
                optimiser.load_state_dict(content)
            state = saved['state'] | ({'end': end_time(options)} if options.until else {})
    seed = options.seed + 1000 * state['step'] + 100 * rank  # fresh conversations after every start
    kinds = {'default': Batches(source, codec, seed, 'default', options.tokens, 1024),
             'varied': Batches(source, codec, seed + 1, 'varied', options.tokens // 2, 48),
             'none': Batches(source, codec, seed + 2, 'none', options.tokens // 4, 96)}
    if rank == 0:
        print(json.dumps({'parameters': sum(p.numel() for p in parameters), 'scenes': len(source.scenes), 'resumed': str(resume), **state}), flush=True)
    stamp, saved_at, evaluated_at, shown, losses = text_stamp(options), time.time(), time.time(), time.time(), []
    shown_tokens = state['tokens']
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    share_of_time = lambda: (time.time() - state['begin']) / (state['end'] - state['begin'])
    progress = share_of_time()
    while True:
        while rank == 0 and any((folder / 'PAUSE').exists() for folder in (out, out.parent)) and not stopped:
            time.sleep(1)
        for kind in kinds.values():
            kind.generator.mix = EARLY if progress < 0.25 and not options.start_from else MIX
        batches = [kinds['default'].next()]
        if state['step'] % 3 == 0:
            batches.append(kinds['varied'].next())
        if state['step'] % 6 == 1:
            batches.append(kinds['none'].next())
        loss = 0.0
        for batch in batches:
            part = loss_of(model, *batch)
            part.backward()
            loss += part.item()
        numbers = [loss, sum(batch[2].sum().item() for batch in batches), sum(batch[1].numel() for batch in batches)]
        is_new = state['step'] % 50 == 0 and text_stamp(options) != stamp
        orders = [share_of_time(), bool(stopped), is_new] if rank == 0 else [0, 0, 0]
        loss, total, tokens, progress, leave, read_again = group.add(parameters, numbers + orders)
        torch._foreach_div_([parameter.grad for parameter in parameters], total)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        rate = learning_rate(state['step'], progress, options.flat) * options.rate
        for optimiser, base in zip(optimisers, (0.02, 3e-3)):
            for settings in optimiser.param_groups:
                settings['lr'] = base * rate
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        if rank == 0:
            decay = 1 - 1 / (5 + min(state['step'] / 8, 300))  # the average reaches back over an eighth of the run, at most 300 steps
            torch._foreach_lerp_(list(average.values()), [parameter.detach() for parameter in parameters], 1 - decay)
            losses.append(loss / total)
        state['step'] += 1
        state['tokens'] += int(tokens)
        if rank == 0 and state['step'] % 20 == 0:
            speed = (state['tokens'] - shown_tokens) / (time.time() - shown)
            print(f'step {state["step"]} tokens {state["tokens"] / 1e6:.2f}M loss {sum(losses) / len(losses):.4f} rate {rate:.3f} tokens/s {speed:.0f} left {(state["end"] - time.time()) / 60:.1f} min', flush=True)
            shown, shown_tokens, losses = time.time(), state['tokens'], []
        if rank == 0 and (time.time() - saved_at > 240 or leave or progress >= 1):
            save(latest, model, average, optimisers, state, shape)
            saved_at = time.time()
        if leave or progress >= 1:
            break
        if read_again:
            stamp, source = text_stamp(options), read_source(options)
            for kind in kinds.values():
                kind.generator.source, kind.ready = source, []
            if rank == 0:
                print(f'text read again: {len(source.scenes)} scenes', flush=True)
        if state['step'] % 500 == 0:
            group.align(parameters)
        if rank == 0 and time.time() - evaluated_at > options.evaluate_minutes * 60:
            report(options, shape, average, codec)
            evaluated_at = time.time()
    group.leave()
    if rank == 0 and not leave:
        export(average, shape, out, out / 'export')
        report(options, shape, average, codec, 4 if options.tiny else 100)


def read_source(options):
    return Source(options.text, options.data, every_line=options.every_line, exclude=options.exclude)


def read_weights(folder):
    """The weights of an exported folder, in single precision."""
    weights = {name.removeprefix('model.'): tensor.float() for name, tensor in load_file(Path(folder) / 'model.safetensors').items()}
    return {'model': weights, 'average': dict(weights)}


def grown(weights, model):
    """Weights of a model with fewer layers, for this one: the layers that are missing are spread out, and change nothing at first."""
    few, many = (1 + max(int(name.split('.')[1]) for name in names if name.startswith('layers.')) for names in (weights, model.state_dict()))
    new = [number for number in range(many) if (number + 1) * (many - few) // many > number * (many - few) // many]
    old = [number for number in range(many) if number not in new]
    result = {name: tensor for name, tensor in weights.items() if not name.startswith('layers.')}
    for name, tensor in model.state_dict().items():
        if not name.startswith('layers.'):
            continue
        _, number, rest = name.split('.', 2)
        if int(number) in old:
            result[name] = weights[f'layers.{old.index(int(number))}.{rest}']
        else:
            result[name] = torch.zeros_like(tensor) if rest.endswith(('o_proj.weight', 'down_proj.weight')) else tensor.clone()
    return result


def tokenizer_lines(source):
    """Text for the merges: the authored lines and drawn conversations, so that words count as they occur."""
    yield from source.everything()
    for phrase in source.phrases + [request for request, _ in source.requests]:
        yield from phrase.split(' ')  # words without the blank before them, as they stand first in a call
    generator = Generator(source, 0)
    for _ in range(20000):
        for piece, _ in generator.conversation(DEFAULT_TOOLS)[1]:
            if isinstance(piece, str):
                yield piece
    yield from (piece for piece in prompt_pieces(DEFAULT_TOOLS) * 200 if isinstance(piece, str))


def end_time(options):
    if not options.until:
        return time.time() + options.minutes * 60
    hour, minute = map(int, options.until.split(':'))
    return time.mktime(time.localtime()[:3] + (hour, minute, 0, 0, 0, -1))


def text_stamp(options):
    return sorted((path.name, path.stat().st_mtime) for path in Path(options.text).glob('*.txt'))


def save(path, model, average, optimisers, state, shape):
    content = {'model': model.state_dict(), 'average': average, 'optimisers': [optimiser.state_dict() for optimiser in optimisers], 'state': state, 'shape': vars(shape)}
    torch.save(content, str(path) + '.new')
    os.replace(str(path) + '.new', path)


def report(options, shape, average, codec, count=16):
    from evaluate import evaluate
    model = Model(shape)
    model.load_state_dict(average)
    print(json.dumps(evaluate(model, codec, Source(options.text, options.data, validation=True), count)), flush=True)


if __name__ == '__main__':
    main()
