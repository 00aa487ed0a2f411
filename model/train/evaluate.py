"""Runs the model with Python versions of the tools on held-out text and counts exact answers by skill. Also from a checkpoint on the command line."""
import argparse
import json
import re
import time
from pathlib import Path

import torch

from generate import Generator, Source
from model import Model, Shape
from prompts import DEFAULT_TOOLS, prompt_pieces
from scenes import Call
from tokenizer import ASSISTANT, CALL, END, EOS, RESULT, USER, Codec
from tools import ToolError, calculator, calendar

SKILLS = ('problem', 'arithmetic', 'translation', 'date', 'chat', 'failure')


class Runner:
    """Greedy decoding with splicing. `run_tool` gets a call's text and returns the result's text."""

    def __init__(self, model, codec, prompt):
        self.model, self.codec, self.prompt = model.eval(), codec, prompt
        self.past = self.read(prompt, None)[1]

    @torch.no_grad()
    def read(self, tokens, past):
        hidden, past = self.model(torch.tensor([tokens]), past)
        return self.model.logits(hidden[0, -1]), past

    def answer(self, opening, run_tool, limit=200):
        """(text, [(call, result)]) for the pieces that follow the prompt."""
        logits, past = self.read(self.codec.encode_pieces(opening), self.past)
        tokens, call, calls, text = [], None, [], ''
        for _ in range(limit):
            token = int(logits.argmax())
            if token == EOS:
                break
            feed = [token]
            if token == CALL:
                text, tokens, call = text + self.codec.decode(tokens), [], []
            elif token == RESULT and call is not None:
                written = self.codec.decode(call)
                result = run_tool(written)
                calls.append((written, result))
                feed += self.codec.encode(result) + [END]
                call = None
            elif call is not None:
                call.append(token)
            else:
                tokens.append(token)
            logits, past = self.read(feed, past)
        return text + self.codec.decode(tokens), calls


def tool_runner(today, clock, parts):
    """Answers calls as the runtime would; a translation and a forced failure come from the expected answer."""
    def run(written):
        name, _, rest = written.partition('(')
        argument = rest[:-1]
        expected = next((part for part in parts if isinstance(part, Call) and part.tool == name), None)
        if expected and expected.result.startswith('error: '):
            return expected.result
        try:
            if name == 'calculator':
                return calculator(argument)
            if name == 'calendar':
                return clock if argument == 'now' else calendar(argument, today)
            if name == 'translator':
                return expected.result if expected else 'x'
        except (ToolError, ValueError, OverflowError) as problem:
            return f'error: {problem}'
        return 'error: no such tool'
    return run


def right(skill, parts, text, calls):
    """Whether an answer counts: the figures of the bars, exact."""
    wanted = [part for part in parts if isinstance(part, Call)]
    if not wanted or skill == 'chat':
        numbers = re.findall(r'\d[\d.]*', ''.join(part for part in parts if isinstance(part, str)))
        return not calls and (skill == 'chat' or numbers == re.findall(r'\d[\d.]*', text))
    if skill == 'failure':
        return bool(re.search(r'sorry|fail|no result|could not|cannot', text, re.I))
    shown = wanted[-1].shown.split(', ', 1)[-1] if wanted[-1].tool == 'calendar' else wanted[-1].shown  # the weekday may be left out
    if not calls or calls[-1][1] != wanted[-1].result or shown not in text:
        return False
    return skill != 'translation' or calls[-1][0] == f'translator({wanted[-1].arguments})'


def evaluate(model, codec, source, count, seed=7, failures=None):
    """{skill: share of exact answers}; problems by the number of calls they need."""
    began = time.time()
    runner = Runner(model, codec, codec.encode_pieces(prompt_pieces(DEFAULT_TOOLS)))
    generator = Generator(source, seed)
    tally = {}
    for skill in SKILLS:
        for _ in range(count * (3 if skill == 'problem' else 1)):
            question, parts = generator.turn(skill)
            wanted = [part for part in parts if isinstance(part, Call)]
            label = f'problem-{len(wanted)}' if skill == 'problem' else skill
            clock = next((part.result for part in wanted if part.arguments == 'now'), '14:05')
            text, calls = runner.answer([USER, question, ASSISTANT], tool_runner(generator.today, clock, parts))
            good = right(skill, parts, text, calls)
            tally.setdefault(label, []).append(good)
            if not good and failures is not None:
                failures.append((label, question, wanted, calls, text))
    figures = {label: [round(100 * sum(hits) / len(hits), 1), len(hits)] for label, hits in sorted(tally.items())}
    return {**figures, 'seconds': round(time.time() - began)}


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('run')
    parser.add_argument('--data')
    parser.add_argument('--text', default=str(Path(__file__).parent / 'text'))
    parser.add_argument('--count', type=int, default=50)
    parser.add_argument('--weights', default='average')
    parser.add_argument('--show', type=int, default=0, help='failures to print for each skill')
    options = parser.parse_args()
    torch.set_num_threads(1)
    saved = torch.load(Path(options.run) / 'latest.pt', weights_only=False)
    network = Model(Shape(**saved['shape']))
    network.load_state_dict(saved[options.weights])
    wrong = []
    print(json.dumps(evaluate(network, Codec(Path(options.run) / 'tokenizer.json'), Source(options.text, options.data, validation=True), options.count, failures=wrong)))
    shown = {}
    for label, question, wanted, calls, text in wrong:
        shown[label] = shown.get(label, 0) + 1
        if shown[label] <= options.show:
            print(f'\n[{label}] {question}\n  wanted {[(part.arguments, part.result) for part in wanted]}\n  calls {calls}\n  text {text!r}')
