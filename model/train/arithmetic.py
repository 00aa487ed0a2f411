"""Puts arithmetic requests together from parts: an expression tree, words for it, a frame around them, an answer. Knows nothing of scenes."""
import re
from fractions import Fraction

from tools import format_number

# Words for one operation; {a} and {b} may themselves be operations. The call says the same in signs.
OPERATIONS = {
    '{a}+{b}': ['{a} plus {b}', '{a} plus {b}', '{a} + {b}', '{a}+{b}', '{a} and another {b}', '{b} more than {a}', '{a} and {b} together', 'the sum of {a} and {b}', 'the total of {a} and {b}', '{a} added to {b}', '{a} and {b} added up', '{a} increased by {b}',
                '{a} with {b} on top', '{a} and {b} more', 'the sum {a} + {b}', '{a} & {b} combined'],
    '{a}-{b}': ['{a} minus {b}', '{a} minus {b}', '{a} - {b}', '{a}-{b}', '{a} − {b}', '{a}−{b}', '{a} less {b}', '{a} take away {b}', 'the difference between {a} and {b}', '{a} reduced by {b}', '{a} decreased by {b}', '{a} without {b}',
                '{a} lowered by {b}', 'the difference {a} - {b}'],
    '{b}-{a}': ['{a} less than {b}', '{a} subtracted from {b}', '{a} taken away from {b}', '{a} taken from {b}'],
    '{a}*{b}': ['{a} times {b}', '{a} times {b}', '{a} * {b}', '{a}*{b}', '{a} · {b}', '{a}·{b}', '{a} x {b}', '{a}x{b}', '{a} × {b}', '{a}×{b}', '{a} multiplied by {b}', 'the product of {a} and {b}', '{a} lots of {b}', '{a} groups of {b}', '{a} by {b}'],
    '{a}/{b}': ['{a} divided by {b}', '{a} divided by {b}', '{a} / {b}', '{a}/{b}', '{a} ÷ {b}', '{a}÷{b}', '{a} over {b}', 'the quotient of {a} and {b}', '{a} split into {b} equal parts', '{a} shared equally among {b}', '{a} split {b} ways'],
}
LATE = re.compile('what remains|nearest|decimal|rounded')  # words that would bind to all that stands before them
SIGNS = re.compile(r'[-−+*·/x×÷&](?= ?\{)')
LOOSE = re.compile(r'[-−+*·/x×÷&]|together|added up|on top|combined|more$|less than|without|lots of|groups of|parts$|among| by | ways$|and .*from')  # words whose operands stay plain numbers
ONE = {  # of one number
    '{a}/2': ['half of {a}', 'half of {a}', 'a half of {a}', 'one half of {a}', '{a} halved'], '{a}/3': ['a third of {a}', 'one third of {a}'], '{a}/4': ['a quarter of {a}', 'one quarter of {a}', 'a fourth of {a}'],
    '{a}/5': ['a fifth of {a}', 'one fifth of {a}'], '{a}/10': ['a tenth of {a}'], '2*{a}': ['twice {a}', 'two times {a}', 'the double of {a}', '{a} doubled'], '3*{a}': ['three times {a}', 'triple {a}', '{a} tripled'],
    '2/3*{a}': ['two thirds of {a}', '2/3 of {a}'], '3/4*{a}': ['three quarters of {a}', '3/4 of {a}', 'three fourths of {a}'], '2/5*{a}': ['two fifths of {a}', '2/5 of {a}'],
    '{a}^2': ['{a} squared', 'the square of {a}', '{a}^2', '{a}²', '{a} to the power of 2', '{a} to the second power'], '{a}^3': ['{a} cubed', 'the cube of {a}', '{a}^3', '{a}³', '{a} to the power of 3'],
    '{a}*12': ['{a} dozen', '{a} dozen'], '{h}!': ['{h}!', '{h} factorial', 'the factorial of {h}'], '-{a}': ['minus {a}', 'negative {a}'],
    'cbrt({k})': ['the cube root of {k}', 'the cube root of {k}', 'the third root of {k}', '∛{k}', 'cbrt({k})', 'cube root {k}'],
    'sqrt({a})': ['the square root of {a}', 'the square root of {a}', 'sqrt({a})', '√{a}', 'the root of {a}', 'square root {a}', 'sqrt {a}'],
}
PERCENT = {
    '{p}% of {a}': ['{p}% of {a}', '{p}% of {a}', '{p} % of {a}', '{p} percent of {a}', '{p} per cent of {a}', '{p}% from {a}', '{a} times {p}%', 'a {p}% share of {a}', 'a tip of {p}% on {a}', '{p}% tax on {a}', '{p}% interest on {a}'],
    '{a}+{p}%': ['{a} plus {p}%', '{a} increased by {p}%', '{a} plus {p} percent', '{a} with {p}% tax', '{a} raised by {p}%', '{a} after a rise of {p}%', '{a} and {p}% more', '{p}% more than {a}', '{a} + {p}%'],
    '{a}-{p}%': ['{a} minus {p}%', '{a} reduced by {p}%', '{a} less {p} percent', '{p}% off {a}', '{a} with {p}% off', '{a} after a discount of {p}%', '{p}% less than {a}', '{a} - {p}%', '{a} lowered by {p}%'],
    '{p}/100*{a}': ['half a percent of {a}', 'one and a half percent of {a}', 'a quarter of a percent of {a}'],
    '({b}-{a})/{a}*100': ['the percent change from {a} to {b}', 'the percentage increase from {a} to {b}', 'the rise from {a} to {b} in percent', 'the increase from {a} to {b} as a percentage'],
    '({a}-{b})/{a}*100': ['the percentage decrease from {a} to {b}', 'the percent drop from {a} to {b}', 'the fall from {a} to {b} in percent'],
    '{b}/{a}*100': ['{b} out of {a} in percent', '{b} of {a} as a percentage', 'the percentage of {b} out of {a}', '{b} in percent of {a}'],
}
LISTS = {
    'mean({l})': ['the average of {l}', 'the mean of {l}', 'the average of the numbers {l}', 'mean({c})'], 'max({l})': ['the largest of {l}', 'the biggest number among {l}', 'the maximum of {l}', 'max({c})'],
    'min({l})': ['the smallest of {l}', 'the minimum of {l}', 'the lowest number among {l}', 'min({c})'], '+': ['the sum of {l}', 'the total of {l}', '{l} together', '{l} added up', 'all of {l} added together', '{s}'],
    'gcd({l})': ['the greatest common divisor of {l}', 'the gcd of {l}', 'the highest common factor of {l}'], 'lcm({l})': ['the least common multiple of {l}', 'the lcm of {l}', 'the smallest common multiple of {l}'],
}
REST = {'round({w}/10)*10': ['{w} rounded to the nearest ten', '{w} to the nearest 10'], 'round({w}/100)*100': ['{w} rounded to the nearest hundred', '{w} to the nearest 100', '{w} rounded to hundreds'], 'round({w}/1000)*1000': ['{w} rounded to the nearest thousand', '{w} to the nearest 1000'],
        'round({d}, 3)': ['{d} rounded to three decimals', '{d} to 3 decimal places'],
        'mod({a}, {b})': ['the remainder of {a} divided by {b}', 'the remainder when {a} is divided by {b}', '{a} mod {b}', 'what remains of {a} divided by {b}', 'the rest when dividing {a} by {b}', '{a} modulo {b}'],
        'round({d}, 0)': ['{d} rounded to a whole number', '{d} to the nearest whole number'], 'round({d}, 1)': ['{d} rounded to one decimal', '{d} to one decimal place'], 'round({d}, 2)': ['{d} rounded to two decimals', '{d} to 2 decimal places'],
        '{e}^{n}': ['{e} to the power of {n}', '{e}^{n}', '{e} to the power {n}', '{e} raised to the power of {n}', '{e} to the {n}th power', '{e} to the {n}th', '{e}**{n}']}
ORDERS = {  # said as an order
    '{a}+{b}': ['add {a} and {b}', 'add up {a} and {b}', 'put {a} and {b} together', 'sum {a} and {b}', 'total {a} and {b}'], '{b}+{a}': ['add {a} to {b}'], '{b}-{a}': ['subtract {a} from {b}', 'take {a} from {b}', 'take {a} away from {b}', 'deduct {a} from {b}'],
    '{a}*{b}': ['multiply {a} by {b}', 'multiply {a} and {b}', 'multiply {a} with {b}', 'take {a} times {b}'], '{a}/{b}': ['divide {a} by {b}', 'split {a} into {b} equal parts', 'share {a} among {b}'],
    '{a}/2': ['halve {a}', 'cut {a} in half'], '2*{a}': ['double {a}'], 'round({a}/10)*10': ['round {a} to the nearest ten', 'round {a} to the nearest 10'], 'round({a}/100)*100': ['round {a} to the nearest hundred', 'round {a} to the nearest 100'], 'round({a}/1000)*1000': ['round {a} to the nearest thousand'], '3*{a}': ['triple {a}'], '{a}^2': ['square {a}'], '{a}+{p}%': ['raise {a} by {p}%', 'increase {a} by {p} percent', 'add {p}% to {a}'],
    '{a}-{p}%': ['lower {a} by {p}%', 'take {p}% off {a}', 'reduce {a} by {p} percent', 'subtract {p}% from {a}'], '{p}% of {a}': ['take {p}% of {a}', 'find {p} percent of {a}'],
    'mean({l})': ['average {l}', 'take the mean of {l}'], '+': ['add {l}', 'add up {l}', 'sum up {l}'],
}
THEN = {  # after an order of two numbers; the call puts brackets round what comes before
    '+{c}': ['then add {c}', 'and add {c}', ', plus {c}', 'and then add {c}'], '-{c}': ['then subtract {c}', 'and subtract {c}', ', minus {c}', 'and take away {c}'], '*{c}': ['then multiply by {c}', 'and multiply the result by {c}', ', times {c}', 'and multiply that by {c}'],
    '/2': ['then halve it', 'and halve the result', 'and take half of that'], '*2': ['then double it', 'and double the result'],
    '/{c}': ['then divide by {c}', 'and divide the result by {c}', ', divided by {c}', 'and divide that by {c}'],
}
UNITS = [('miles', ('miles', 'mile', 'mi'), 'km', ('km', 'kilometres', 'kilometers', 'kms')), ('kg', ('kg', 'kilos', 'kilograms', 'kilogrammes'), 'lb', ('lb', 'pounds', 'lbs')), ('feet', ('feet', 'ft', 'foot'), 'm', ('m', 'metres', 'meters')),
         ('inches', ('inches', 'inch', 'in'), 'cm', ('cm', 'centimetres', 'centimeters')), ('gallons', ('gallons', 'gal'), 'litres', ('litres', 'liters', 'l')), ('ml', ('ml', 'millilitres', 'milliliters'), 'litres', ('litres', 'liters', 'l')), ('C', ('degrees Celsius', '°C', 'degrees C', 'celsius', 'C'), 'F', ('Fahrenheit', '°F', 'F', 'degrees Fahrenheit')), ('oz', ('ounces', 'oz'), 'g', ('grams', 'g', 'grammes')),
         ('yards', ('yards', 'yd'), 'm', ('metres', 'meters', 'm')), ('m', ('metres', 'm', 'meters'), 'cm', ('cm', 'centimetres')), ('km', ('km', 'kilometres'), 'm', ('m', 'metres', 'meters')), ('kg', ('kg', 'kilos'), 'g', ('grams', 'g')),
         ('hours', ('hours', 'hrs', 'h'), 'minutes', ('minutes', 'min', 'mins')), ('minutes', ('minutes', 'mins'), 'seconds', ('seconds', 'secs')), ('days', ('days',), 'hours', ('hours',)), ('weeks', ('weeks',), 'days', ('days',)),
         ('km/h', ('km/h', 'kmh', 'kilometres per hour'), 'mph', ('mph', 'miles per hour'))]
CONVERSIONS = ['{a} {u} in {v}', '{a} {u} to {v}', 'How many {v} are {a} {u}?', 'how many {v} is {a} {u}', 'Convert {a} {u} to {v}.', 'convert {a} {u} into {v}', 'What is {a} {u} in {v}?', "what's {a} {u} in {v}", 'How much is {a} {u} in {v}?', 'I need {a} {u} in {v}.', '{a} {u} = ? {v}',
               'How many {v} in {a} {u}?', 'Turn {a} {u} into {v}.', 'The sign says {a} {u}. What is that in {v}?', 'change {a} {u} to {v} please', '{a} {u} is how many {v}?', 'express {a} {u} in {v}', 'give me {a} {u} in {v}', 'How far is {a} {u} in {v}?', 'can you convert {a} {u} to {v}?']
ASKING = ['What is {}?', 'What is {}?', 'what is {}', "What's {}?", "what's {}", 'whats {}', 'wats {}', 'How much is {}?', 'how much is {}', 'How much does {} make?', 'Calculate {}.', 'calculate {}', 'Compute {}.', 'compute {} please', 'Work out {}.', 'work out {} for me', 'Evaluate {}.',
          'Tell me {}.', 'tell me what {} is', 'Can you tell me what {} is?', 'Could you work out {}?', 'could you calculate {} for me?', 'Do you know what {} is?', 'I need {}.', 'i need to know {}', 'Find {}.', 'Give me {}.', 'give me {} please', 'Please calculate {}.', 'Please give me {}.',
          '{}', '{}', '{}?', '{} =', '{} = ?', '{}=?', '{} please', '{}, please.', '{} is?', '{} is what?', '{} equals?', '{} makes what?', 'Solve {}.', 'solve {}', "What's the result of {}?", 'What is the result of {}?', "What's the answer to {}?", 'What does {} come to?', 'What does {} give?', 'What would {} be?',
          'what do i get for {}', 'What number is {}?', 'Any idea what {} is?', 'Quick question: what is {}?', 'quick one: {}', 'Hey, what is {}?', 'hey {}?', 'hi, how much is {}?', 'So what is {}?', 'ok and {}?', 'And {}?', 'and what is {}', 'now {}', 'Help me with {}.', 'My homework asks for {}.',
          'i wonder what {} is', 'I would like to know {}.', 'Let me know what {} is.', 'Can you do {}?', 'can u do {}', 'do {}', 'Could I have {}?', 'Check this for me: {}', 'Please work out {} for me.', 'The exercise is: {}', 'Question: what is {}?', 'I forgot what {} is.', 'Is there a number for {}?', 'How big is {}?',
          'My calculator is broken. What is {}?', 'In my book it says {}. How much is it?', 'Sorry, what was {} again?', 'For a bet: what is {}?', 'result of {}', 'value of {}', 'What is the value of {}?', 'What value has {}?', 'Would you work out {}?', 'show me {}', 'what will {} be']
ORDERING = ['{}', '{}', '{}.', 'Please {}.', 'please {}', '{} please', '{}, please.', 'Can you {}?', 'can you {}', 'Could you {} for me?', 'could you {}', 'Would you {}?', '{} for me', '{} and tell me the result.', 'What do I get if I {}?', 'what do you get when you {}', 'What happens if I {}?', 'What is the result if you {}?',
            'What is it if I {}?', 'I want you to {}.', 'Help me {}.', "Let's {}.", 'Now {}.', 'now {}', 'I have to {}. What comes out?', 'I need to {}.', 'How much is it if you {}?', 'What comes out when I {}?', 'Suppose I {}. What do I have?', 'My task: {}.', 'If you {}, what do you get?', 'Go and {}.', 'Hey, {}!', 'then {}']
ANSWERS = ['{}', '{}', '{}', 'It is {}.', 'It is {}.', 'That is {}.', 'That makes {}.', 'The result is {}.', 'The answer is {}.', 'You get {}.', 'It makes {}.', 'That gives {}.', 'It comes to {}.', 'The value is {}.', 'That comes to {}.']


class Request:
    """One drawing: numbers, how they are typed, the expression of the call."""

    def __init__(self, random, words):
        self.random, self.words = random, words
        self.commas = random.random() < 0.3
        self.spelled = []  # (digits, words) of large numbers in words
        self.spoken = random.choice((20, 100, 10 ** 6, 10 ** 6, 10 ** 6)) if random.random() < 0.2 else 0  # numbers up to this in words
        self.currency = random.choice('$$$£€') if random.random() < 0.06 else ''

    def number(self, low=1, high=None, decimals=0.2):
        random = self.random
        if high:
            return Fraction(random.randint(low, high))
        if random.random() < decimals:
            return Fraction(random.randint(1, 10 ** random.choice((2, 3, 4, 5))), random.choice((10, 10, 100, 100, 1000)))
        return Fraction(random.randint(low, 10 ** random.choice((1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6))))

    def typed(self, value):
        if self.spoken and 0 < value <= (self.spoken if value.denominator == 1 else 100):
            words = self.spell(value)
            if value > 100:
                self.spelled.append((format_number(value), words.lower()))
            return words
        text = f'{int(value):,}' if self.commas and value.denominator == 1 and value >= 1000 else format_number(value)
        return text

    def money(self, value):
        return self.currency + self.typed(value)

    def spell(self, value):
        """In words: `one hundred and five`, `a hundred five`, `nine point two five`."""
        words = self.words(int(value))
        if self.random.random() < 0.35:
            words = words.replace(' and ', ' ')
        if self.random.random() < 0.25:
            words = words.replace('-', ' ')
        if self.random.random() < 0.3:
            words = re.sub('^one (?=hundred|thousand|million)', 'a ', words)
        return words + (' point ' + ' '.join(self.words(int(digit)) for digit in format_number(value).split('.')[1]) if value.denominator > 1 else '')

    def pair(self, sign):
        """Two plain numbers that make sense for an operation: differences mostly positive, half the quotients even."""
        first, second = self.number(), self.number()
        if sign in ('{a}-{b}', '{b}-{a}') and self.random.random() < 0.85:
            first, second = sorted((first, second), reverse=sign == '{a}-{b}')
        if '/' in sign:
            second = self.number(2, self.random.choice((12, 99, 500))) if self.random.random() < 0.8 else second
            first = second * self.number(2, self.random.choice((20, 99, 999))) if self.random.random() < 0.65 else first
        return first, second

    def phrase(self, depth):
        """(words, expression, how tightly the expression's outermost sign binds: 1 sum, 2 product, 3 others)."""
        random, kind = self.random, self.random.random()
        if kind < 0.55 or depth > 1:
            sign = random.choices(list(OPERATIONS), (25, 22, 8, 25, 20))[0]
            words = random.choice([words for words in OPERATIONS[sign] if not self.spoken or not SIGNS.search(words)])
            write = self.money if sign in ('{a}+{b}', '{a}-{b}') else self.typed
            a, b = ((write(value), format_number(value), 9) for value in self.pair(sign))
            if depth > 1 and not LOOSE.search(words):
                inner = self.phrase(1)
                while LATE.search(inner[0]):
                    inner = self.phrase(1)
                a, b = (inner, b) if random.random() < 0.5 else (a, inner)
                if random.random() < 0.35:
                    other = self.phrase(1)
                    a, b = (a, other) if a is inner and not LATE.search(other[0]) else (a, b)
            tight = 1 if sign[3] in '+-' else 2
            bracket = lambda part, right: f'({part[1]})' if part[2] < tight or (right and part[2] == tight and sign[3] in '-/') or '%' in part[1] else part[1]
            second_first = sign.startswith('{b}')
            return words.format(a=a[0], b=b[0]), sign.format(a=bracket(a, second_first), b=bracket(b, not second_first)), tight
        if kind < 0.69:
            sign = random.choice(list(ONE))
            value = self.number(decimals=0.15)
            if sign.startswith('{a}/') and random.random() < 0.7:
                value *= int(sign[4:])
            if sign == 'sqrt({a})' and random.random() < 0.7:
                value = Fraction(random.randint(2, 99)) ** 2
            if '{h}' in sign or '{k}' in sign:
                value = Fraction(random.randint(2, 12)) if '{h}' in sign else Fraction(random.randint(2, 30)) ** 3
                return random.choice(ONE[sign]).replace('{k}', '{h}').format(h=self.typed(value)), sign.replace('{k}', '{h}').format(h=format_number(value)), 9
            return random.choice(ONE[sign]).format(a=self.typed(value)), sign.format(a=format_number(value)), 9 if sign.startswith('sqrt') else 2
        if kind < 0.84:
            sign = random.choices(list(PERCENT), (50, 20, 20, 3, 8, 8, 12))[0]
            p = Fraction(random.choice((5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 90))) if random.random() < 0.6 else Fraction(random.randint(1, 199), random.choice((1, 1, 1, 2, 10)))
            a = self.number(decimals=0.15)
            values = {'p': p, 'a': a, 'b': Fraction(random.randint(1, int(a) + 1))}
            if sign.startswith('('):  # a change that comes out even
                a = Fraction(random.choice((5, 8, 10, 20, 25, 40, 50, 80, 100, 120, 160, 200, 250, 400, 500, 640, 800, 1000, 1500)))
                change = a * random.choice((5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80)) / 100
                values |= {'a': a, 'b': a + change if sign.startswith('({b}') else a - change}
            elif sign.startswith('{p}/'):
                words = random.choice(PERCENT[sign])
                p = {'half': '0.5', 'one ': '1.5', 'a qu': '0.25'}[words[:4]]
                return words.format(a=self.typed(a)), f'{p}% of {format_number(a)}', 2
            return random.choice(PERCENT[sign]).format(**{name: self.money(value) if name != 'p' else format_number(value) for name, value in values.items()}), sign.format(**{name: format_number(value) for name, value in values.items()}), 2
        if kind < 0.94:
            return self.listing(LISTS)
        sign = random.choice(list(REST))
        values = {'a': self.number(10, 9999), 'b': self.number(2, 99), 'w': self.number(20, random.choice((999, 99999))), 'd': Fraction(random.randint(1, 10 ** 6), 1000), 'e': self.number(2, random.choice((10, 30))), 'n': self.number(3, random.choice((5, 12)))}
        return random.choice(REST[sign]).format(**{name: format_number(value) for name, value in values.items()}), sign.format(**{name: format_number(value) for name, value in values.items()}), 3 if '^' in sign else 9

    def listing(self, words):
        random = self.random
        sign = random.choice([sign for sign in words if '{l}' in sign or sign == '+'])
        whole = sign.startswith(('gcd', 'lcm'))
        count = 2 if whole else random.choice((3, 3, 4, 5))
        top = 10 ** random.choice((1, 2, 2, 3, 4))
        values = [Fraction(random.randint(2, 120) if whole else random.randint(1, top), 1 if whole or random.random() < 0.85 else 10) for _ in range(count)]
        typed, plain = [self.typed(value) for value in values], [format_number(value) for value in values]
        forms = {'l': f'{", ".join(typed[:-1])} and {typed[-1]}', 'c': ', '.join(plain), 's': random.choice((' + ', '+')).join(typed)}
        return random.choice(words[sign]).format(**forms), '+'.join(plain) if sign == '+' else sign.format(l=', '.join(plain)), 1 if sign == '+' else 9

    def signs(self, depth=0):
        """An expression as it is typed, with brackets."""
        random = self.random
        count = random.choice((2, 2, 2, 3, 3, 4, 4, 5, 6)) if depth == 0 else 2
        same = random.choice('+-*') if depth == 0 and random.random() < 0.3 else ''
        typed = plain = '-' if depth == 0 and random.random() < 0.06 else ''
        for number in range(count):
            if number:
                sign = same or random.choice('+-*/+-*')
                typed, plain = typed + random.choice((sign, {'*': random.choice(('×', 'x', '*', '·')), '/': '÷', '-': '−'}.get(sign, sign))), plain + sign
            if depth == 0 and count < 5 and random.random() < 0.3:
                inner = self.signs(1)
                typed, plain = typed + f'({inner[0]})', plain + f'({inner[1]})'
            else:
                value = self.number(decimals=0.2) if count < 4 else self.number(1, random.choice((20, 99, 500)))
                typed, plain = typed + self.typed(value), plain + format_number(value)
        if depth == 0 and not re.search('[a-wyz]', typed) and random.random() < 0.6:
            typed = re.sub(r'(?<=[\d)a-z])([-−+*·/×÷]|x(?=[\d(]))(?=[\d(a-z])', r' \1 ', typed)
        return typed, plain, 1

    def order(self):
        random = self.random
        sign = random.choices(list(ORDERS), [6 if sign in ('{a}+{b}', '{b}+{a}', '{b}-{a}', '{a}*{b}', '{a}/{b}') else 2 for sign in ORDERS])[0]
        if sign in ('+', 'mean({l})'):
            return self.listing({sign: ORDERS[sign]})
        a, b = self.pair(sign) if '{b}' in sign else (self.number(decimals=0.15), Fraction(1))
        values = {'a': a, 'b': b, 'p': Fraction(random.choice((2, 5, 8, 10, 12, 15, 20, 25, 30, 35, 50, 75)))}
        typed, plain = random.choice(ORDERS[sign]).format(**{name: self.typed(value) for name, value in values.items()}), sign.format(**{name: format_number(value) for name, value in values.items()})
        if '{b}' in sign and random.random() < 0.25:
            then = random.choice(list(THEN))
            c = self.number(2, random.choice((9, 20, 100)))
            more = random.choice(THEN[then]).format(c=self.typed(c))
            loose = then[0] in '+-' or sign[3] in '*/'
            typed, plain = typed + ('' if more[0] == ',' else ' ') + more, (plain if loose else f'({plain})') + then.format(c=format_number(c))
        return typed, plain, 1


def conversion(random):
    """(question, expression, answer form) of a unit conversion."""
    source, sources, target, targets = random.choice(UNITS)
    u, v = random.choice(sources), random.choice(targets)
    if random.random() < 0.45 and source != 'm' or (source, target) == ('hours', 'minutes') and random.random() < 0.3:
        source, target, u, v = target, source, v, u
    amount = Fraction(random.randint(1, 10 ** random.choice((1, 2, 2, 3, 4)))) if random.random() < 0.8 else Fraction(random.randint(1, 999), 10)
    amount = format_number(amount)
    question = random.choice(CONVERSIONS).format(a=amount, u=u, v=v)
    return question, f'{amount} {source} to {target}', random.choice(('{}', '{}', f'{amount} {source} is {{}}.', 'That is {}.', 'It is {}.'))


def in_words(expression, spelled, question):
    """The expression with large numbers as the request spells them: the calculator reads words, so that they are copied and not worked out."""
    spelled = [(digits, words) for digits, words in spelled if words in question.lower() and digits in expression]
    if not spelled:
        return expression
    expression = re.sub(r'(?<=[\d)%])([-+*/])', r' \1 ', expression)
    for digits, words in spelled:
        expression = re.sub(rf'(?<![\d.]){re.escape(digits)}(?![\d.])', words, expression, count=1)
    return expression


def request(random, words):
    """(question, expression, answer form with {} for the result)."""
    kind = random.random()
    if kind < 0.1:
        return conversion(random)
    drawing = Request(random, words)
    if kind < 0.25:
        typed, expression, _ = drawing.order()
        question = random.choice(ORDERING).format(typed)
    else:
        drawing.spoken = drawing.spoken if kind >= 0.45 else 0
        typed, expression, _ = drawing.signs() if kind < 0.45 else drawing.phrase(2 if kind < 0.6 else 1)
        question = random.choice(ASKING).format(typed)
    if random.random() < 0.7 and not question[:1].isdigit() and random.random() < 0.8:
        question = question[:1].upper() + question[1:]
    answer = random.choice(ANSWERS)
    if kind >= 0.45 and random.random() < 0.25:
        answer = f'{typed[:1].upper()}{typed[1:]} is {{}}.'
    return question, in_words(expression, drawing.spelled, question), answer
