"""Makes conversations out of the authored text: questions, answers, calls, exact results. Knows the prompt; nothing of the network."""
import datetime
import hashlib
import json
import random as random_module
import re
from itertools import accumulate
from pathlib import Path

from arithmetic import request
from dates import fill_date_line
from gsm8k import read_stories, tell
from lines import fill_parts, mixed_filling
from overlap import evaluation_runs, runs
from problems import Composer
from prompts import DEFAULT_TOOLS, invented_question
from scenes import Call, Misfit, Scene, number_words, read_lines, read_scenes, render, shorten
from tokenizer import ASSISTANT, CALL, END, EOS, RESULT, TEXT, USER
from tools import ToolError, calculator

MIX = {'problem': 45, 'arithmetic': 17, 'translation': 16, 'date': 9, 'chat': 7, 'failure': 2, 'prose': 4}
EARLY = {'problem': 34, 'arithmetic': 22, 'translation': 22, 'date': 12, 'chat': 4, 'failure': 2, 'prose': 4}  # copying comes first
PROSE_WEIGHT = 0.1
CALL_WEIGHT = 3  # most failures are wrong operations and operands, so what a call says weighs most
FAILURES = {
    'calculator': ['the expression could not be read', 'the calculator is not available', 'the result is too large'],
    'translator': ['the translation service did not answer in time', 'too many requests', 'no connection to the translation service', 'the service is not available'],
    'calendar': ['the date could not be read', 'the calendar is not available', 'there is no such date'],
}
SORRY = {
    'calculator': [' - sorry, I could not work that out: {e}.', ' ... sorry, the calculator failed: {e}.', ' - sorry, the calculation failed: {e}.'],
    'translator': [' - sorry, I could not translate that: {e}.', ' ... sorry, the translation failed: {e}.', ' - sorry, there is no translation: {e}.'],
    'calendar': [' - sorry, I could not look up the date: {e}.', ' ... sorry, the calendar failed: {e}.', ' - sorry, I do not know the date: {e}.'],
}
# Intents of CLINC150 that a tool or an authored answer serves; requests of all others are beyond the model, and LIMIT finds the authored answers that say so of anything.
WITHIN = set("""translate calculator date time measurement_conversion next_holiday timezone payday greeting goodbye thank_you yes no maybe are_you_a_bot what_is_your_name
    who_made_you who_do_you_work_for what_can_i_ask_you how_old_are_you where_are_you_from do_you_have_pets what_are_your_hobbies meaning_of_life repeat user_name
    change_ai_name change_language tell_joke fun_fact cancel definition spelling""".split())
LIMIT = re.compile(r'^(That is beyond me; |I cannot do that, I only )')
STEPS = {0: 4, 1: 42, 2: 49, 3: 5}  # share of problems by the number of calls in the answer
WEIGHTS = {'plain-': 2, 'words-': 2, 'turns-': 2, 'two-step-f': 0.4, 'schoolbook-c': 0.6, 'distract': 0.4, 'worlds': 0.4, 'tables': 0.4, 'three-step': 0.5, 'steps-': 0.7}  # how often scenes of these files are drawn: plain ones twice as often, harder ones less; all others once
COMPOSED = {1: 0.4, 2: 0.3}  # share of composed problems (problems.py) among those with so many calls; all others are authored
STORIES = {2: 0.3, 3: 0.5}  # share of GSM8K's problems (gsm8k.py), told in calls, among those with so many
SPARE = 0.12  # weight of a question of one step whose text has numbers to spare: people mostly ask for what takes all of them, so three numbers are mostly two steps
TURNS = 0.2  # share of problems with several questions on one body, one after the other: more questions for the tokens read, and contrasts
GREETINGS = """Hi, | Hello, | Hey, | Hi! | Hello! | Good morning! | Good evening. | Hey there, | Hi there! | Quick question: | Question: | One question: | A question, please: | Please, | So, | OK, | Okay, | Now, | Well, | And | Next: | Next one: | Just checking: | Sorry, |
    Excuse me, | Excuse me. | Dear assistant, | Hello again. | Me again. | I have a question. | Can you help me? | I need help. | Help! | Quick one: | Another one: | One more: | Also, | By the way, | Hmm, | Right, | Alright, | Yo, | My friend asks: | For school: | For work: | For my daughter: | I am curious:
    """
GREETINGS = [greeting.strip() for greeting in GREETINGS.split('|')]
THANKS = [' Thanks!', ' Thanks.', ' Thank you.', ' Thank you!', ' Thanks a lot.', ' Please.', ' Thanks in advance!', ' Cheers.', ' Thx']
OPENERS = "What What's How Can Could Do Does Is Are Please Tell Give Which When Calculate Compute Work Find Translate Convert Would Will Add Multiply Divide Take Say On".split()
CONSONANTS, VOWELS = 'b c d f g h j k l m n p r s t v w z br cr dr fl gr kl pl sh st tr th qu'.split(), 'a e i o u ai ea oo ou y'.split()


def held_out(text):
    """True for the 8 % of authored units that are kept for validation."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 100 < 8


class Source:
    """All text that is read from files, split into what is trained on and what validates."""

    def __init__(self, text_folder, data_folder=None, validation=False, every_line=False, exclude=None):
        self.folder, keep_scene = Path(text_folder), lambda text: held_out(text) == validation
        keep = lambda text: every_line and not validation or keep_scene(text)  # `every_line`: only scenes and phrases are held out
        read = lambda name: [line for line in read_lines(self.folder / name) if clean(line)] if (self.folder / name).exists() else []
        forbidden = evaluation_runs(exclude)
        clean = self.clean = lambda text: not forbidden or not runs(text) & forbidden
        scenes = [scene for path in sorted(self.folder.glob('*.scenes.txt')) for scene in read_scenes(path)]
        for scene in scenes:
            scene.questions = [pair for pair in scene.questions if clean(f'{scene.body} {pair[0]}')]
        scenes = [scene for scene in scenes if scene.questions]
        self.scenes = [scene for scene in scenes if keep_scene(scene.body)]
        self.questions = {steps: [] for steps in STEPS}
        for scene in self.scenes:
            for number, (_, answer) in enumerate(scene.questions):
                self.questions[min(answer.count('<'), max(STEPS))].append((scene, number))
        self.scene_weights = list(accumulate(map(weight_of, self.scenes)))
        self.question_weights = {steps: list(accumulate(weight_of(scene) * (SPARE if has_spare_numbers(scene, number) else 1) for scene, number in questions)) for steps, questions in self.questions.items()}
        self.names = [tuple(line.rsplit(' ', 1)) for line in read('names.txt')]
        self.languages, self.foreign = read('languages.txt'), read('foreign.txt')
        self.phrases = [line for line in read('phrases.txt') if keep_scene(line)]
        self.translations = [line for line in read('translate.txt') if keep(line)]
        self.arithmetic = [Scene('arithmetic', '', [tuple(line.split(' => ', 1))], rules=dict(re.findall(r'\{([a-z]\d?):([^{}]*)\}', line))) for line in read('arithmetic.txt') if keep(line)]
        self.dates = [line for line in read('dates.txt') if keep(line)]
        self.chat = [line.split(' => ', 1) for line in read('chat.txt') if ' => ' in line and keep(line)]
        self.failures = [line for line in read('failures.txt') if keep(line)]
        self.prose = [line for line in read('prose.txt') if keep(line)]
        self.requests = [pair for pair in read_requests(data_folder, validation) if clean(pair[0])]
        stories = [story for story in read_stories(data_folder) if keep_scene(story.question) and clean(story.question)]
        self.stories = {steps: [story for story in stories if len(story.steps) == steps] for steps in STORIES}
        self.beyond = [request for request, intent in self.requests if intent not in WITHIN]
        self.words = sorted({word for line in self.phrases + [request for request, _ in self.requests] for word in re.findall(r"[A-Za-z][A-Za-z'-]*", line)} | {name for name, _ in self.names})
        self.limits = sorted({answer for _, answer in self.chat if LIMIT.search(answer)})

    def everything(self):
        """Plain lines for the tokenizer's statistics."""
        for path in sorted(self.folder.glob('*.txt')):
            yield from (re.sub(r'[{}]|=>|\|', ' ', line) for line in read_lines(path))
        for request, _ in self.requests:
            yield request


def weight_of(scene):
    return next((weight for word, weight in WEIGHTS.items() if word in scene.source), 1)


def has_spare_numbers(scene, number):
    """Whether a question of at most one step stands in a text with more numbers than its call takes."""
    question, answer = scene.questions[number]
    given = re.findall(r'\{[a-z]\d?[:}]|\{=|(?<![\w.:{/])\d', f'{scene.body} {question}')
    taken = re.findall(r'(?<![a-z])[a-z]\d?(?![a-z(])|(?<![\w.])\d', ' '.join(re.findall('<([^<>]*)>', answer)))
    return answer.count('<') < 2 and len(given) > max(1, len(taken))


def read_requests(data_folder, validation):
    """(utterance, intent) of CLINC150: its train split, or its test split for validation."""
    path = Path(data_folder or '.') / 'clinc150/data_full.json'
    return [tuple(pair) for pair in json.loads(path.read_text())['test' if validation else 'train']] if data_folder and path.exists() else []


class Generator:
    """Draws conversations. Deterministic from its seed."""

    def __init__(self, source, seed, mix=MIX):
        self.source, self.mix = source, mix
        self.random = random_module.Random(seed)
        self.composer = Composer(self.random)
        self.today = datetime.date(2026, 11, 24)

    # -- whole conversations: (skill, [(piece, weight)]) --------------------------------------------------

    def conversation(self, tools):
        """One conversation for this tool list (None: no tools), as weighted pieces."""
        random = self.random
        self.today = datetime.date(2024, 1, 1) + datetime.timedelta(random.randint(0, 2200))
        skill = random.choices(list(self.mix), list(self.mix.values()))[0]
        inventions = [tool for tool in tools or [] if len(tool) > 3]
        if inventions and random.random() < 0.4:
            turns = [invented_question(random, random.choice(inventions), self.made_up_word)]
            return 'invented', self.turn_pieces(turns, tools)
        if skill == 'prose' and self.has_all(tools):
            return skill, self.prose_pieces(tools)
        skill = 'problem' if skill == 'prose' else skill
        if skill == 'problem' and random.random() < TURNS:
            return 'turns', self.turn_pieces(self.scene_turns(), tools)
        turns = [self.turn(skill)]
        while random.random() < 0.05 and len(turns) < 3:
            turns.append(self.turn(random.choice(('problem', 'arithmetic', 'translation', 'date', 'chat'))))
        return skill, self.turn_pieces(turns, tools)

    def has_all(self, tools):
        return not tools or {tool[0] for tool in DEFAULT_TOOLS} <= {tool[0] for tool in tools}

    def turn(self, skill):
        turn = None
        while turn is None:
            try:
                turn = getattr(self, skill)()
            except ToolError:  # a drawn date that does not exist, as February 29
                continue
        return turn

    def turn_pieces(self, turns, tools):
        pieces = []
        for question, parts in turns:
            pieces += [(USER, 0), (question, PROSE_WEIGHT), (ASSISTANT, 0)] + answer_pieces(self.reachable(question, parts, tools), tools)
        return pieces

    def reachable(self, question, parts, tools):
        """The answer itself, or a plain word where its tool is not in the list."""
        names = [tool[0] for tool in tools or []]
        missing = [part.tool for part in parts if isinstance(part, Call) and part.tool not in names]
        if not missing or (missing[0] == 'calculator' and not tools):
            return parts
        return [{'translator': 'I cannot translate that: I have no translator here.', 'calendar': 'I do not know that: I have no calendar here.',
                 'calculator': 'I cannot work that out reliably: I have no calculator here.'}.get(missing[0], 'I have no tool for that.')]

    # -- skills: (question, answer parts) -----------------------------------------------------------------

    def problem(self):
        random = self.random
        steps = random.choices(list(STEPS), list(STEPS.values()))[0]
        source = random.random() - STORIES.get(steps, 0)
        if source < 0 and self.source.stories[steps]:
            question, parts = tell(random.choice(self.source.stories[steps]), random)
            return self.noise(question), parts
        if source < COMPOSED.get(steps, 0):
            scene = self.composed(steps)
            number = random.choice([number for number, (_, answer) in enumerate(scene.questions) if answer.count('<') == steps])
        else:
            scene, number = random.choices(self.source.questions[steps], cum_weights=self.source.question_weights[steps])[0]
        drawn = render(scene, number, random, self.people(), self.style())
        if drawn is None:
            return None
        body, question, parts = drawn
        if random.random() < 0.02:
            extra = render(self.scene(), 0, random, self.people(), self.style())
            body = f'{extra[0]} {body}' if extra and '?' not in extra[0] + body else body
        return self.noise(f'{body} {question}'.strip()), parts

    def scene_turns(self):
        """Several questions on one body, asked one after the other with the same numbers."""
        random = self.random
        scene = self.composed() if random.random() < 0.3 else self.scene()
        order = random.sample(range(len(scene.questions)), min(len(scene.questions), random.choice((2, 3, 4))))
        if has_spare_numbers(scene, order[0]) and random.random() > SPARE:
            order.sort(key=lambda number: -scene.questions[number][1].count('<'))
        seed, people, style, turns = random.random(), self.people(), self.style(), []
        for number in order:
            drawn = render(scene, number, random_module.Random(seed), people, style)
            if drawn and (not turns or drawn[0] == body):
                body = drawn[0]
                turns.append((self.noise(drawn[1] if turns else f'{body} {drawn[1]}'.strip()), drawn[2]))
        return turns or [self.turn('problem')]

    def arithmetic(self):
        """An authored line, or a request put together from parts."""
        if self.random.random() < 0.6:
            question, expression, answer = request(self.random, number_words)
            result = calculator(expression)
            before, _, after = answer.partition('{}')
            return self.noise(self.greet(question, polite=True), 0.05), [before, Call('calculator', expression, result, shorten(result)), after]
        scene = self.random.choice(self.source.arithmetic)
        drawn = render(scene, 0, self.random, self.people(), self.style(words=0.1))
        return drawn and (self.noise(self.greet(drawn[1], polite=True), 0.05), drawn[2])

    def date(self):
        question, parts = fill_date_line(self.random.choice(self.source.dates), self.random, self.today)
        return self.noise(self.greet(question, polite=True), 0.06), parts

    def translation(self):
        random = self.random
        question, answer = random.choice(self.source.translations).split(' => ', 1)
        text, language = self.phrase(), random.choice(self.source.languages)
        if random.random() < 0.06:
            language = self.made_up_word().capitalize()
        typed = language.lower() if question[0].islower() and random.random() < 0.5 else language
        result = self.foreign_text(text)
        fill = lambda part, language: part.replace('{lang}', language).replace('{text}', text).replace('{result}', result)
        before, _, after = answer.partition('{result}')
        call = Call('translator', f'{json.dumps(text, ensure_ascii=False)}, {language}', result, result)
        return self.greet(fill(question, typed)), [fill(before, language), call, fill(after, language)]

    def phrase(self):
        random, source, kind = self.random, self.source, self.random.random()
        if kind < 0.35 or not source.requests:
            text = random.choice(source.phrases)
        elif kind < 0.55:
            text = random.choice(source.requests)[0]
        elif kind < 0.72:
            text = ' '.join(self.made_up_word() for _ in range(random.choice((1, 1, 2, 2, 3, 4))))
        elif kind < 0.77:
            drawn = render(self.scene(), 0, random, self.people(), self.style())
            text = re.split(r'(?<=[.?!]) ', drawn[drawn and random.randrange(2)])[0] if drawn else 'good morning'
        else:
            text = ' '.join(random.choices(source.words, k=random.choice((1, 1, 2, 3, 4, 6))))  # so that every word is copied now and then
        case = random.random()
        if case < 0.12:
            text = text[:1].upper() + text[1:]
        elif case < 0.2:
            text = text.lower()
        elif case < 0.23:
            text = text.upper()
        elif case < 0.27:
            text = text.title()
        if random.random() < 0.04 and ' ' in text:
            words = text.split(' ')
            at = random.randrange(len(words))
            words[at] = f'"{words[at]}"'
            text = ' '.join(words)
        return text.rstrip('.') if random.random() < 0.15 else text

    def foreign_text(self, text):
        random = self.random
        kind = random.random()
        if kind < 0.4:
            words = random.choice(self.source.foreign).split(' ')
            return ' '.join(words) if random.random() < 0.7 else ' '.join(words[:random.randint(1, len(words))])
        words = [self.foreign_word(kind) for _ in range(max(1, len(text.split()) + random.randint(-1, 1)))]
        if random.random() < 0.3:  # marks and numbers stay where the text has them
            words = [word + mark for word, mark in zip(words, re.findall(r'\w([,.;:!?]?)(?: |$)', text) + [''] * len(words))]
            words += re.findall(r'\d+', text)
        result = ' '.join(words)
        return (result[:1].upper() + result[1:] if text[:1].isupper() else result) + (text[-1] if text[-1:] in '.?!' and result[-1] not in '.?!' else '')

    def foreign_word(self, kind):
        """A word that no one knows: of made-up syllables, of an authored foreign text, or of letters that no language puts together."""
        random = self.random
        if kind < 0.6:
            return self.made_up_word(accents=True)
        if kind < 0.75:
            return random.choice(random.choice(self.source.foreign).split(' ')).strip('.,!?')
        return ''.join(random.choices('aabcdeeefghiijklmnoopqrstuuvwxyz', k=random.choice((1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9))))

    def chat(self):
        if self.source.beyond and self.random.random() < 0.4:
            return self.noise(self.random.choice(self.source.beyond), 0.1), [self.random.choice(self.source.limits)]
        pair = self.random.choice(self.source.chat) if self.source.chat else ('hello', 'Hello! What can I do for you?')
        return self.noise(self.choose(pair[0]), 0.1), [self.choose(pair[1])]

    def choose(self, text):
        """`{a|b}` is a choice."""
        return re.sub(r'\{([^{}]*\|[^{}]*)\}', lambda match: self.random.choice(match[1].split('|')), text).replace('{P}', self.random.choice(self.source.names)[0])

    def failure(self):
        """A question whose first call fails, and an answer that says so: an authored one, or any answer broken off by the error."""
        random = self.random
        if self.source.failures and random.random() < 0.5:
            _, reason, line = random.choice(self.source.failures).split(' | ', 2)
            filling, queries = self.filling(line)
            question, answer = line.split(' => ', 1)
            try:
                return self.noise(filling.fill(question), 0.05), fill_parts(answer, filling, queries, self.today, '', reason)
            except (Misfit, ToolError):
                return None
        question, parts = self.turn(random.choices(('translation', 'problem', 'arithmetic', 'date'), (5, 2, 1, 2))[0])
        for at, part in enumerate(parts):
            if isinstance(part, Call):
                reason = random.choice(FAILURES[part.tool])
                sorry = random.choice(SORRY[part.tool]).format(e=reason)
                before = re.sub(r'\s*\S*\Z', '', parts[at - 1] if at else '')
                sorry = sorry if before or at > 1 else re.sub(r'^\W+s', 'S', sorry)
                return question, parts[:max(at - 1, 0)] + [before, Call(part.tool, part.arguments, f'error: {reason}', ''), sorry]
        return None

    def filling(self, line):
        text = self.phrase()
        return mixed_filling(line, self.random, self.people(), self.style(words=0), self.today, text, self.random.choice(self.source.languages))

    def prose_pieces(self, tools):
        """A text that is gone on with: an authored sentence, or a scene and its answer as one running text."""
        random = self.random
        while True:
            if self.source.prose and random.random() < 0.6:
                line = random.choice(self.source.prose)
                filling, queries = self.filling(line)
                try:
                    parts = fill_parts(line, filling, queries, self.today, self.foreign_text('a b'))
                except (Misfit, ToolError, ZeroDivisionError):
                    continue
            else:
                scene = self.scene()
                number = random.randrange(len(scene.questions))
                if re.search(r'\d|\{[a-z]\d?[:}]', scene.questions[number][0]):
                    continue  # the question brings numbers of its own, without it the answer would make no sense
                drawn = render(scene, number, random, self.people(), self.style())
                if not drawn or not drawn[2][0]:
                    continue
                body, _, parts = drawn
                parts = [f'{body} {parts[0]}'] + parts[1:]
            pieces = answer_pieces(parts, tools)
            at = next((number for number, (piece, _) in enumerate(pieces) if piece == CALL), len(pieces) - 1)
            return [(TEXT, 0)] + [(piece, PROSE_WEIGHT if number < at else weight) for number, (piece, weight) in enumerate(pieces)]

    # -- draws ------------------------------------------------------------------------------------------------

    def scene(self):
        return self.random.choices(self.source.scenes, cum_weights=self.source.scene_weights)[0]

    def composed(self, steps=None):
        while True:
            scene = self.composer.compose(steps)
            if all(self.source.clean(f'{scene.body} {question}') for question, _ in scene.questions):
                return scene

    def people(self):
        names = self.random.sample(self.source.names, 3)
        return [(self.made_up_word().capitalize(), pronoun) if self.random.random() < 0.04 else (name, pronoun) for name, pronoun in names]

    def style(self, words=0.25):
        random = self.random
        return {'commas': random.random() < 0.5, 'cents': random.random() < 0.6, 'words': random.choice((10, 12, 20, 100, 100)) if random.random() < words else 0}

    def made_up_word(self, accents=False):
        random = self.random
        word = ''.join(random.choice(CONSONANTS) + random.choice(VOWELS) for _ in range(random.choice((1, 2, 2, 2, 3)))) + (random.choice('lnrstkm') if random.random() < 0.5 else '')
        if accents and random.random() < 0.4:
            at = random.randrange(len(word))
            word = word[:at] + random.choice('áéíóúàèâêîôäöüñçøåæœßğışžčřąęłőțўжшщдлиюяαβγδεあいうえ漢字語') + word[at + 1:]
        return word

    def greet(self, question, polite=False):
        """Now and then what people put round a request; `polite` allows words after it too (a text to translate may end there)."""
        random = self.random
        if random.random() < 0.1:
            greeting = random.choice(GREETINGS)
            small = greeting[-1] not in '.!?' and question.split(' ')[0] in OPENERS
            question = f'{greeting} {question[:1].lower() + question[1:] if small else question}'
        if polite and random.random() < 0.05 and not question.lower().endswith(('please', 'please.', '=')):
            question += random.choice(THANKS if question[-1] in '.?!' else [thanks.lower() for thanks in THANKS])
        return question

    def noise(self, text, rate=0.15):
        """Small letters, missing marks and a rare slip, as people type. Digits stay as they are."""
        random = self.random
        if random.random() < rate * 0.5:
            text = text[:1].lower() + text[1:] if random.random() < 0.3 else text.lower()
        if random.random() < rate * 0.5:
            text = text.rstrip('?.!')
        if random.random() < rate * 0.3:
            words = text.split(' ')
            at = random.randrange(len(words))
            if len(words[at]) > 4 and words[at].isalpha() and words[at].islower():
                letter = random.randrange(1, len(words[at]) - 2)
                words[at] = words[at][:letter] + words[at][letter + 1] + words[at][letter] + words[at][letter + 2:]
            text = ' '.join(words)
        return text


def answer_pieces(parts, tools):
    """Answer parts as weighted pieces: the call moves before the word it belongs to, the result is spliced after it."""
    pieces, text = [], ''
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if tools is None:
            text += part.shown
            continue
        lead = re.search(r'\s*\S*\Z', text)[0] if part.shown else ''  # a failed call shows nothing and takes no word along
        text = text[:len(text) - len(lead)]
        pieces += [(text, 1), (CALL, 1), (f'{part.tool}({part.arguments})', CALL_WEIGHT), (RESULT, 1), (part.result, 0), (END, 0)]
        text = lead + part.shown
    pieces += [(text, 1), (EOS, 1)]
    return [piece for piece in pieces if piece[0] != '']
