"""Word problems of two and three calls out of GSM8K's training split (Cobbe et al. 2021, MIT): its steps become calls, its numbers are drawn anew where that keeps every result sensible. Knows nothing of tokens."""
import json
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from scenes import Call, shorten
from tools import SMALL, ToolError, evaluate, format_number

NUMBER = re.compile(r'(?<![\w.,/:-])(\d[\d,]*(?:\.\d+)?)(?![\w/:-]|[.,]\d)')
ANNOTATION = re.compile(r'<<([^<>]*)=([^<>]*)>>')
AMOUNT = r'\(*\$?(?:\d[\d,]*(?:\.\d+)?|\.\d+)%?(?: (?!and|so|then|because)[a-z]+(?:/[a-z]+)?){0,3}\)*'
TAIL = re.compile(rf'(?:^|(?<=[ (])){AMOUNT}(?:\s*[-+*/x×]\s*{AMOUNT})+\s*=\s*(\$?)\s*$')
FOUND = re.compile(r'(?:^|(?<=\. ))[^.]*?\b(?:find|calculate|determine) (?:out )?(the [^.:]*?): *$', re.I)
SIMPLE = re.compile(r'[\d.]+(?:[-+*/][\d.]+)+')
USUAL = {2, 3, 4, 7, 12, 60, 100}  # numbers that a text need not write in digits: half, a dozen, days of a week
WORDS = SMALL[:13]  # up to twelve
LONGEST = 60  # words of a question
DRAWS = 30


@dataclass
class Story:
    """`question` and `texts` have `{0}`, `{1}`… for numbers of the question and `{r0}`… for results; an expression is a list of such slots, numbers and signs."""
    question: str
    values: list
    free: list  # which of the values may be drawn anew
    texts: list  # one more than there are steps
    steps: list
    results: list


def value_of(digits):
    return Fraction(digits.replace(',', ''))


def read_stories(folder):
    """All problems of two or three steps that can be told as sentences with one call each."""
    path = Path(folder or '.') / 'gsm8k/train.jsonl'
    if not folder or not path.exists():
        return []
    dropped = set(json.loads((path.parent / 'drop.json').read_text()))
    rows = [json.loads(line) for number, line in enumerate(path.read_text().splitlines()) if number not in dropped]
    return [story for row in rows if (story := read_story(row['question'].strip(), row['answer']))]


def read_story(question, answer):
    if len(question.split()) > LONGEST or not question.isascii():
        return None
    solution, _, final = answer.partition('\n#### ')
    pieces = ANNOTATION.split(re.sub(r'(?<=[\w)>])\s*\n', '. ', solution).replace('\n', ' '))
    texts, expressions, results = pieces[0::3], pieces[1::3], pieces[2::3]
    if not 2 <= len(results) <= 3 or results[-1].strip() != final.strip().replace(',', ''):
        return None
    found = NUMBER.findall(question)
    values = [value_of(digits) for digits in found]
    worded = {Fraction(number) for number, word in enumerate(WORDS) if word in question.lower()}
    told = set(values) | USUAL | worded
    numbers, steps, used = [], [], []
    for expression, result in zip(expressions, results):
        expression = expression.replace(' ', '').replace('$', '').replace(',', '')
        try:
            if not SIMPLE.fullmatch(expression) or len(re.findall(r'[-+*/]', expression)) > 2 or evaluate(expression) != Fraction(result):
                return None
        except (ToolError, ValueError):
            return None
        step = percentage(expression, values, question) or re.findall(r'[\d.]+|\D', expression)
        step = [slot_of(part, values, numbers) for part in step]
        if any(isinstance(part, Fraction) and part not in told for part in step):
            return None
        used += step
        steps.append(step)
        numbers.append(Fraction(result))
    if any(f'{{r{number}}}' not in used for number in range(len(steps) - 1)):
        return None  # a step that no other one needs
    texts = tidy(texts, results, values)
    if texts is None:
        return None
    free = [at for at, value in enumerate(values) if values.count(value) == 1 and f'{{{at}}}' in used and value > 2 and value not in worded and not 1900 <= value <= 2100 and f'{found[at]}%' not in question]
    if set(values) & set(numbers):
        free = []  # one cannot tell which of the two a step means
    count = iter(range(len(values)))
    return Story(NUMBER.sub(lambda _: f'{{{next(count)}}}', question.replace('{', '(').replace('}', ')')), values, free, texts, steps, numbers)


def percentage(expression, values, question):
    """`20% of 80` for `80*.2`, `80*20/100` and `20/100*80`, where the question says `20%`."""
    for at, value in enumerate(values):
        digits = f'{float(value):g}'
        if f'{digits}%' not in question:
            continue
        share = f'{float(value / 100):g}'
        shares = '|'.join(map(re.escape, (share, share.lstrip('0'), f'{share}0', f'{share.lstrip("0")}0', f'{digits}/100')))
        match = re.fullmatch(rf'(?:(?:{shares})\*([\d.]+)|([\d.]+)\*(?:{shares}))', expression)
        if match:
            return [f'{{{at}}}', '% of ', match[1] or match[2]]
    return None


def slot_of(part, values, results):
    """A number of the expression as the result or the number of the question that it is."""
    if not re.fullmatch(r'[\d.]+', part) or part == '.':
        return part
    value = Fraction(part)
    if value in results:
        return f'{{r{len(results) - 1 - results[::-1].index(value)}}}'
    return f'{{{values.index(value)}}}' if value in values else value


def tidy(texts, results, values):
    """The sentences without the sums that the calls replace; None where something else is computed in them."""
    tidied, known = [], []
    for number, text in enumerate(texts):
        if number:
            match = re.match(r'\s*\$?([\d,]*\.?\d+)', text)
            if not match or value_of(match[1]) != Fraction(results[number - 1]):
                return None
            text = text[match.end():]
            known.append(Fraction(results[number - 1]))
        if number < len(texts) - 1:
            sign = TAIL.search(text)
            if not sign:
                return None
            text = re.sub(r'(?<=\w):? *$', ' ', FOUND.sub(lambda match: f'T{match[1][1:]} is', text[:sign.start()])) + sign[1]
        elif not text.rstrip().endswith('.'):
            text = text.rstrip() + '.'
        text = re.sub(r'\s+', ' ', text if number == len(texts) - 1 else brief(text))
        if re.search(r'[=+*{}:]|\d[\w ]* [x/-] \$?\d', text) or not text.isascii() or len(text.split()) > 16:
            return None
        text = NUMBER.sub(lambda match: place(match, known, values), text)
        if re.search(r'(?<!\{)(?<!\{r)\d', text):
            return None
        tidied.append(text)
    return tidied


def brief(text):
    """What stands before a call without clauses and words that only lead up to it."""
    before, stop, lead = text.rpartition('. ')
    while len(lead.split()) > 7 and ', ' in lead:
        lead = lead.partition(', ')[2]
    lead = re.sub(r'^\s*(?:Therefore|So|Hence|Thus|First|Then|Next|Finally|This means|That means|In total|And|Which),? (?:that )?(?=\S)', '', lead, flags=re.I)
    return before + stop + lead[:1].upper() + lead[1:]


def place(match, known, values):
    value = value_of(match[1])
    return f'{{r{known.index(value)}}}' if value in known else f'{{{values.index(value)}}}' if value in values else match[0]


def tell(story, random):
    """(question, answer parts) with fresh numbers, or with GSM8K's own where none fit."""
    values, results = story.values, story.results
    for _ in range(DRAWS):
        drawn = list(story.values)
        for at in story.free:
            drawn[at] = new_value(story.values[at], random)
        fresh = work_out(story, drawn)
        if fresh and all(new > 0 and (new.denominator == 1 or old.denominator > 1 and (100 * new).denominator == 1) and old / 8 <= new <= 8 * old for new, old in zip(fresh, story.results)):
            values, results = drawn, fresh
            break
    names = {slot: format_number(value) for slot, value in slots(values, results).items()}
    fill = lambda text: re.sub(r'\{r?\d+\}', lambda match: names[match[0]], text)
    parts = [fill(story.texts[0]).lstrip()]
    for step, result, text in zip(story.steps, map(format_number, results), story.texts[1:]):
        expression = ''.join(format_number(part) if isinstance(part, Fraction) else fill(part) for part in step)
        parts += [Call('calculator', expression, result, shorten(result)), fill(text)]
    return fill(story.question), parts


def slots(values, results):
    return {f'{{{at}}}': value for at, value in enumerate(values)} | {f'{{r{at}}}': value for at, value in enumerate(results)}


def new_value(value, random):
    if value.denominator > 1:
        step = Fraction(1, 100) if (10 * value).denominator > 1 else Fraction(1, 10)
        return step * random.randint(int(value / 2 / step) + 1, int(value * 2 / step))
    step = next(size for size in (1000, 100, 10, 5, 1) if value % size == 0 and value >= 3 * size)
    if random.random() < 0.4:
        step = 1
    return Fraction(step * random.randint(max(1, int(value / 2 / step)), int(value * 2 / step) + 1)) + (1 if step == 1 and value < 4 else 0)


def work_out(story, values):
    results = []
    for step in story.steps:
        known = slots(values, results)
        expression = ''.join(f'({known[part]})' if part in known else str(part) for part in step).replace(')% of ', '/100)*')
        try:
            results.append(evaluate(expression))
        except ToolError:
            return None
    return results
