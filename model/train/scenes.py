"""Reads authored scenes and request lines (text/README.md) and fills in numbers, names and choices. Knows nothing of tokens."""
import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from tools import FUNCTIONS, SMALL, TENS, calculator, format_number

SLOT = re.compile(r'\{([^{}]*)\}')
NUMBER_NAME = re.compile(r'[a-z]\d?')
PRONOUNS = {'he': ('he', 'him', 'his', 'himself', 'his'), 'she': ('she', 'her', 'her', 'herself', 'hers')}
PRONOUN_NAMES = ('he', 'him', 'his', 'himself', 'hers')


class Misfit(Exception):
    """The drawn numbers break a condition; draw again."""


@dataclass
class Call:
    """A tool call inside an answer: `shown` is how the answer writes the result."""
    tool: str
    arguments: str
    result: str
    shown: str


@dataclass
class Scene:
    source: str
    body: str
    questions: list  # [(question, answer)]
    declarations: str = ''
    conditions: list = field(default_factory=list)
    rules: dict = field(default_factory=dict)  # how every number of the scene is drawn, wherever it is declared


def read_scenes(path):
    scenes, name = [], Path(path).name
    for block in re.split(r'\n\s*\n', Path(path).read_text()):
        lines = [line.strip() for line in block.splitlines() if line.strip() and not line.startswith('#')]
        if len(lines) < 2:
            continue
        scene = Scene(name, '', [])
        for line in lines:
            if line.startswith('? ') and ' => ' in line:
                scene.questions.append(tuple(part.strip() for part in line[2:].split(' => ', 1)))
            elif line.startswith('! '):
                rest = re.sub(r'^\{|\}$', '', line[2:].strip())
                if re.match(r'[a-z]\d?:', rest):
                    scene.declarations += '{' + rest + '}'
                else:
                    scene.conditions.append(compile_expression(rest))
            else:
                scene.body = f'{scene.body} {line}'.strip()
        scene.rules = dict(re.findall(r'\{([a-z]\d?):([^{}]*)\}', block))
        scenes.append(scene)
    return scenes


def read_lines(path):
    """The lines of a text file without comments and blank ones."""
    return [line.rstrip() for line in Path(path).read_text().splitlines() if line.strip() and not line.startswith('#')]


COMPILED = {}


def compile_expression(text):
    if text not in COMPILED:
        plain = re.sub(r'(\d+\.\d+)', r'Fraction("\1")', text.replace('^', '**'))
        plain = re.sub(r'(?<![\w"(.])(\d+)(?![\w".])', r'Fraction(\1)', plain)
        COMPILED[text] = compile(plain, text, 'eval')
    return COMPILED[text]


class Filling:
    """One drawing of a scene's numbers, names and choices."""

    def __init__(self, random, people, style=None, rules=None):
        self.random = random
        self.rules = rules or {}
        self.style = style or {}
        self.values = {}
        self.choices = {}
        self.people = dict(zip('PQR', people))  # name, he or she

    def evaluate(self, code):
        code = code if not isinstance(code, str) else compile_expression(code)
        return eval(code, {'Fraction': Fraction, '__builtins__': {}, **FUNCTIONS, **self.values})

    def fill(self, text, plain=False):
        return SLOT.sub(lambda match: self.slot(match, plain), text)

    def slot(self, match, plain):
        slot = match.group(1)
        if slot.startswith('='):
            return self.write(Fraction(self.evaluate(slot[1:])), match, plain)
        name, colon, rule = slot.partition(':')
        if colon and NUMBER_NAME.fullmatch(name):
            self.values[name] = self.draw(rule)
            return self.write(self.values[name], match, plain)
        if slot in self.rules and slot not in self.values:
            self.values[slot] = self.draw(self.rules[slot])
        if slot in self.values:
            return self.write(self.values[slot], match, plain)
        name, equals, choices = slot.partition('=')
        if equals and re.fullmatch(r'\w+', name):
            self.choices[name] = self.random.choice(choices.split('|'))
            return self.choices[name]
        if slot in self.choices:
            return self.choices[slot]
        if '|' in slot:
            return self.random.choice(slot.split('|'))
        who, _, pronoun = slot.rpartition('.')
        who = who or 'P'
        if slot in self.people:
            return self.people[slot][0]
        if who in self.people and pronoun.lower() in PRONOUN_NAMES:
            word = PRONOUNS[self.people[who][1]][PRONOUN_NAMES.index(pronoun.lower())]
            return word.capitalize() if pronoun[0].isupper() else word
        raise ValueError(f'unknown slot {{{slot}}}')

    def draw(self, rule):
        if '..' not in rule:
            return Fraction(self.random.choice(rule.split(',')).strip())
        low, high = rule.split('..')
        step = re.search(r'/(\d+(\.\d+)?)$', high)
        high = high[:step.start()] if step else high
        step = Fraction(step.group(1)) if step else Fraction(1)
        low, high = Fraction(self.evaluate(low)), Fraction(self.evaluate(high))
        if high < low:
            raise Misfit
        return low + step * self.random.randint(0, int((high - low) / step))

    def write(self, value, match, plain):
        """A number in the text: digits, with thousands commas, or in words."""
        digits = format_number(value)
        if plain:
            return digits
        text, start, end = match.string, match.start(), match.end()
        before, after = text[max(0, start - 1):start], text[end:end + 1]
        if value.denominator > 1:
            whole, _, part = digits.partition('.')
            return f'{whole}.{part}0' if before == '$' and len(part) == 1 and self.style.get('cents') else digits
        if value >= 1000 and self.style.get('commas') and before != '.':
            return f'{int(value):,}'
        limit = self.style.get('words', 0)
        if 0 < value <= limit and before in ('', ' ') and (after in ('', ' ', ',', '?') or (after == '.' and not text[end + 1:end + 2].isdigit())):
            words = number_words(int(value))
            sentence_start = start == 0 or re.search(r'[.?!] $', text[:start])
            return words.capitalize() if sentence_start else words
        return digits

    def expression(self, text, results):
        """The calculator's input: variables become digits, #1 the first result, blanks go where they mean nothing."""
        text = re.sub(r'#(\d)', lambda match: results[int(match[1]) - 1], text)
        replace = lambda match: format_number(self.values[match[0]]) if match[0] in self.values else match[0]
        conversion = re.fullmatch(r'(.+?)( ?[A-Za-z/]+ to [A-Za-z/]+)', text)
        if conversion:
            return re.sub(r'(?<![A-Za-z])[a-z]\d?(?![A-Za-z(])', replace, conversion[1]) + conversion[2]
        text = re.sub(r'(?<![A-Za-z])[a-z]\d?(?![A-Za-z(])', replace, text)
        return re.sub(r' (?!of )(?<!of )', '', text).replace(',', ', ').replace('--', '+')

    def answer(self, text):
        """The answer as a list of strings and calls."""
        parts, results = [], []
        for number, piece in enumerate(re.split(r'<([^<>]+)>', text)):
            if number % 2 == 0:
                parts.append(self.fill(piece, plain=True))
                continue
            expression = self.expression(piece, results)
            result = calculator(expression)
            results.append(result)
            parts.append(Call('calculator', expression, result, shorten(result)))
        return parts


def shorten(result):
    """How an answer writes a result: more than four decimals are rounded to two."""
    match = re.fullmatch(r'(-?\d+)\.(\d{5,})(.*)', result)
    if not match:
        return result
    digits = 2 if match[1].strip('-0') or match[2][0] != '0' else 4
    return calculator(f'round({match[1]}.{match[2]}, {digits})') + match[3]


def number_words(number):
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10] + (f'-{SMALL[number % 10]}' if number % 10 else '')
    for size, name in ((10 ** 6, 'million'), (1000, 'thousand')):
        if number >= size:
            rest = number % size
            return f'{number_words(number // size)} {name}' + (f' {"and " if rest < 100 else ""}{number_words(rest)}' if rest else '')
    rest = number % 100
    return f'{SMALL[number // 100]} hundred' + (f' and {number_words(rest)}' if rest else '')


def render(scene, number, random, people, style=None, attempts=60):
    """One question of a scene as (body, question, answer parts), or None where no drawing fits."""
    question, answer = scene.questions[number]
    for _ in range(attempts):
        filling = Filling(random, people, style, scene.rules)
        try:
            filling.fill(scene.declarations)
            body = filling.fill(scene.body)
            asked = filling.fill(question)
            if not all(holds(filling, condition) for condition in scene.conditions):
                continue
            return body, asked, filling.answer(answer)
        except (Misfit, ZeroDivisionError):
            continue
    return None


def holds(filling, condition):
    try:
        return bool(filling.evaluate(condition))
    except NameError:
        return True
