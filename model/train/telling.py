"""Who a composed problem is about and how it is told: verbs in a tense, amounts, the usual questions and answers."""
import re

from nouns import ANIMALS, FOOD, THINGS

OWNERS = """the shop/the shop|a farmer/the farmer|the library/the library|a baker/the baker|the school/the school|the museum/the museum|a florist/the florist|the kindergarten/the kindergarten|a trader/the trader|the club/the club|the hotel/the hotel|a market woman/the market woman|the kiosk/the kiosk|
    a gardener/the gardener|the warehouse/the warehouse|a collector/the collector|the village/the village|a class/the class|the workshop/the workshop|the camp/the camp|a captain/the captain|the factory/the factory|my uncle/my uncle|my grandmother/my grandmother|our neighbour/our neighbour|a boy/the boy|a girl/the girl|
    my sister/my sister|my father/my father|the cook/the cook|a painter/the painter|the office/the office|a scout group/the scout group|an old man/the old man|the hospital/the hospital|the theatre/the theatre|a student/the student|the teacher/the teacher""".replace('\n', '').split('|')
IN = """buy/buys/bought X|find/finds/found X|get/gets/got X from {Q}|receive/receives/received X|win/wins/won X|collect/collects/collected X|get/gets/got X|am given/is given/was given X by {Q}|borrow/borrows/borrowed X|order/orders/ordered X|add/adds/added X|
    get/gets/got X as a present|buy/buys/bought X at the market|pick up/picks up/picked up X|make/makes/made X|take/takes/took X from {Q}|bring in/brings in/brought in X|discover/discovers/discovered X in a cupboard|earn/earns/earned X|buy/buys/bought X at a sale""".replace('\n', '').split('|')
OUT = """give/gives/gave X to {Q}|give/gives/gave X away|sell/sells/sold X|lose/loses/lost X|lend/lends/lent X to {Q}|throw/throws/threw X away|use/uses/used X|hand/hands/handed X to {Q}|donate/donates/donated X|trade/trades/traded X away|pass/passes/passed X on to {Q}|leave/leaves/left X at {Q}'s house|
    break/breaks/broke X|send/sends/sent X to {Q}|give/gives/gave {Q} X|swap/swaps/swapped X for a book|sell/sells/sold X to {Q}|drop/drops/dropped X in the river|return/returns/returned X|give/gives/gave X to a friend|let/lets/let {Q} have X|use up/uses up/used up X|get rid of/gets rid of/got rid of X|spoil/spoils/spoiled X""".replace('\n', '').split('|')
EATEN = 'eat/eats/ate X|eat/eats/ate X for breakfast|cook/cooks/cooked X|burn/burns/burned X|peel and eat/peels and eats/peeled and ate X|share out/shares out/shared out X|eat/eats/ate X with {Q}'.split('|')
OWNERS = [text.strip() for text in OWNERS]


class Owner:
    """Who a problem is about: a person, a place, or the one who asks. `verb('buy/buys/bought')` in the tense of the problem."""

    def __init__(self, random, tense):
        kind = random.random()
        self.past = tense
        if kind < 0.68:
            self.name = self.again = self.told = '{P}'
            self.he, self.first = '{he}', False
        elif kind < 0.86:
            self.name, _, self.again = random.choice(OWNERS).partition('/')
            self.told = re.sub('^(my|our) ', 'your ', self.again)
            self.he, self.first = self.again, False
        else:
            self.name = self.again = 'I'
            self.told, self.he, self.first = 'you', 'I', True
        self.short = self.he if random.random() < 0.7 else self.again

    def verb(self, forms, past=None):
        base, third, before = forms.split('/')
        past = self.past if past is None else past
        return before if past else base if self.first else third

    def does(self, past=None):
        past = self.past if past is None else past
        return 'did' if past else 'do' if self.first else 'does'

    def tell(self, third, second):
        """The verb of an answer: told to the one who asks it is `you have`."""
        return second if self.first else third


class Telling:
    """Phrases that all worlds share."""

    def __init__(self, random):
        self.random = random

    def pick(self, *choices):
        return self.random.choice(choices)

    def item(self):
        """(noun, is food)."""
        kind = self.random.random()
        if kind < 0.35:
            return self.random.choice(FOOD), True
        return (self.random.choice(THINGS), False) if kind < 0.93 else (self.random.choice(ANIMALS), False)

    def number(self, name, low=None):
        """A declared number of everyday size."""
        high = self.random.choice((20, 40, 60, 90, 150, 300, 900, 4000))
        return f'{{{name}:{low or max(3, high // 8)}..{high}}}'

    def part_of(self, name, whole):
        return f'{{{name}:2..{whole}-2}}'

    def move(self, verbs, owner, amount):
        phrase = self.random.choice(verbs).strip()
        forms = re.match(r"[^X{]*?/[^X{]*?/\w+( and \w+| up| in| out| rid of| given)?", phrase)
        base, third, past = forms[0].split('/')
        rest = phrase[forms.end():]
        return owner.verb(f'{base}/{third}/{past}') + rest.replace('X', amount, 1)

    def start(self, owner, amount, things):
        """What there is at first."""
        random = self.random
        has = owner.verb('have/has/had')
        forms = [f'{owner.name} {has} {amount} {things}.'] * 4 + [
            f'{owner.name} {owner.verb("own/owns/owned")} {amount} {things}.', f'There {"were" if owner.past else "are"} {amount} {things} {self.pick("in the box", "on the table", "in the cupboard", "in the house", "in the bag", "on the shelf", "in the basket", "in the garden")}. They belong to {"me" if owner.first else owner.name}.',
            f'{owner.name} {owner.verb("start/starts/started")} with {amount} {things}.', f'{owner.name} {owner.verb("bring/brings/brought")} {amount} {things}.', f'In the morning {owner.name} {has} {amount} {things}.', f'{owner.name} {owner.verb("collect/collects/collected")} {amount} {things}.',
            f'{owner.name} {owner.verb("count/counts/counted")} {amount} {things}.', f'On Monday {owner.name} {has} {amount} {things}.', f'{owner.name} {owner.verb("buy/buys/bought")} {amount} {things}.', f'At first {owner.name} {has} {amount} {things}.', f'{owner.name} {owner.verb("keep/keeps/kept")} {amount} {things}.']
        return random.choice(forms)

    def owner(self):
        return Owner(self.random, self.random.random() < 0.55)

    def then(self):
        return self.pick('Then', 'Then', 'Later', 'After that', 'On Tuesday', 'The next day', 'In the afternoon', 'Today', 'Afterwards', '', '', '', 'A week later', 'In the evening', 'One day')

    def next(self, owner, deed):
        then = self.then()
        return f'{then} {owner.short} {deed}.'

    def left(self, owner, things):
        """A question for what is left."""
        does = owner.does()
        return self.random.choice([f'How many {things} {does} {owner.again} have left?'] * 3 + [f'How many {things} are left?'] * 2 + ['How many are left?', f'How many {things} {does} {owner.short} still have?', f'How many {does} {owner.short} have left?', f'How many {things} remain?', f'How many {things} does that leave?', 'What is left?',
            f'How many {things} {does} {owner.short} have now?', f'How many {does} {owner.again} have after that?', f'How many {things} {does} {owner.again} keep?', f'Find the number of {things} that are left.'])

    def now(self, owner, things):
        does = owner.does()
        return self.random.choice([f'How many {things} {does} {owner.again} have now?'] * 3 + [f'How many {things} {does} {owner.again} have altogether?', f'How many {things} {does} {owner.short} have in all?', f'How many {does} {owner.short} have now?', f'How many {things} are there now?', f'How many {things} is that?', f'How many {things} {does} {owner.again} have then?',
            f'How many {things} {does} {owner.short} have in total?', f'How many {things} {does} {owner.again} end up with?', 'What is the total?', f'How many {things} does that make?'])

    def has(self, owner, call, things, end=''):
        """The answer's sentence."""
        told, has = owner.told, owner.tell('had' if owner.past and self.random.random() < 0.4 else 'has', 'have')
        return self.random.choice([f'{told} {has} {call} {things}{end}.', f'{told} {has} {call} {things}{end}.', f'{told} {has} {call}{end}.' if end else f'{told} {has} {call} {things}.', f'There are {call} {things}{end}.', f'{told} now {has} {call} {things}.' if not end else f'There are {call} {things} left.'])
