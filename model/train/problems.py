"""Composes plain word problems of one and two steps out of worlds (amounts.py, rates.py). Gives scenes as text/README.md describes them; knows nothing of drawing numbers."""
import re

from amounts import Amounts
from nouns import plural
from rates import Rates
from scenes import Scene, compile_expression

DISTRACTIONS = """{P} is {z:7..70} years old.|It is {z:10..35} degrees outside.|The way home takes {z:5..50} minutes.|{Q} is {z:7..70} years old.|The shop closes in {z:2..9} hours.|{P} lives at number {z:3..90}.|They have known each other for {z:2..12} years.|The bus leaves at platform {z:2..14}.|
    There are {z:3..30} people in the room.|{R}'s neighbour has {z:3..60} SOMETHING.|The shelf is {z:2..9} feet high.|{P} has {z:2..6} brothers.|It takes {z:10..90} minutes.|The table cost ${z:40..300}.|{R} owns {z:2..40} SOMETHING.|On page {z:3..90} there is a picture.""".replace('\n', '').split('|')
DISTRACTIONS = [text.strip() for text in DISTRACTIONS]
DECLARED = re.compile(r'\{([a-z]):([^{}]*)\}')
COMPUTED = {'{=n*m}': ('t', 'n*m'), '{=n*m+c}': ('s', 'n*m+c'), '{=n*m-a}': ('b', 'n*m-a'), '{=n*p}': ('t', 'n*p')}  # numbers that are the result of others, so that a division comes out even
HIDDEN = {'n': '2..12', 'm': '3..40', 'p': '2..40'}  # what such a number is made of, where the text does not say it
ONE = ['change'] * 6 + ['backwards'] * 3 + ['combine'] * 4 + ['compare'] * 3 + ['compare_back'] * 2 + ['groups'] * 5 + ['share'] * 2 + ['price'] * 5 + ['earnings'] * 4 + ['parts'] * 2 + ['sale'] + ['measures'] * 5 + ['gauge'] * 3 + ['years'] + ['scaled']
TWO = ['two_changes'] * 5 + ['compare'] * 3 + ['groups'] * 4 + ['share'] * 3 + ['price'] * 3 + ['earnings'] * 3 + ['parts'] * 2 + ['sale'] * 2 + ['measures'] * 2 + ['two_prices'] * 2 + ['rest_of_groups'] * 2 + ['scaled'] * 3 + ['rest_times'] * 4 + ['third_kind'] * 3 + ['repacked'] * 3


def declared(body, questions):
    """The scene of a body and its questions, with all numbers declared in front, each after those that its bounds name."""
    text = '\n'.join([body] + [f'{question} => {answer}' for question, answer in questions])
    rules = {}
    for name, rule in DECLARED.findall(text):
        rules.setdefault(name, rule)
    for computed, (name, bound) in COMPUTED.items():
        if computed in text:
            text = text.replace(computed, f'{{{name}}}')
            rules |= {name: f'{bound}..{bound}'} | {hidden: HIDDEN[hidden] for hidden in re.findall('[a-z]', bound) if hidden not in rules}
    body, *questions = DECLARED.sub(r'{\1}', text).split('\n')
    ordered = ''
    while rules:
        name = next(name for name, rule in rules.items() if not set(re.findall('[a-z]', rule)) & set(rules))
        ordered += f'{{{name}:{rules.pop(name)}}}'
    return Scene('composed', body, [tuple(question.split(' => ', 1)) for question in questions], ordered)


class Composer(Amounts, Rates):
    """Draws scenes."""

    def compose(self, steps=None):
        """A scene; with `steps` one that has a question of so many calls (1 or 2)."""
        worlds = ONE if steps == 1 else TWO if steps == 2 else ONE + TWO
        while True:
            body, questions, conditions = getattr(self, self.random.choice(worlds))()
            body = ' '.join(sentence for sentence in body if sentence)
            if self.random.random() < 0.14 and body:
                body = self.distract(body)
            questions = [(self.tidy(question), self.tidy(answer)) for question, answer in questions]
            if steps and all(answer.count('<') != steps for _, answer in questions):
                continue
            scene = declared(self.tidy(body), questions)
            scene.conditions = [compile_expression(text) for text in conditions]
            return scene

    # -- parts ------------------------------------------------------------------------------------------------

    def distract(self, body):
        sentences = re.split(r'(?<=\.) ', body)
        extra = self.random.choice(DISTRACTIONS).replace('SOMETHING', plural(self.item()[0]))
        sentences.insert(self.random.randint(0, len(sentences)), extra)
        return ' '.join(sentences)

    def tidy(self, text):
        """Capitals at sentence starts; "I" and its verbs."""
        text = re.sub(r'\s+', ' ', text).strip()
        text = re.sub(r'^\{(he|his)\}|(?<=[.?!] )\{(he|his)\}', lambda match: '{' + (match[1] or match[2]).capitalize() + '}', text)
        return re.sub(r'^[a-z]|(?<=[a-z}>\d][.?!] )[a-z]', lambda match: match[0].upper(), text)
