"""The three tools in Python, for exact results in training text and in evaluation. Knows nothing of the model."""
import datetime
import math
import re
from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction

getcontext().prec = 64
DAY = datetime.timedelta(days=1)
MONTHS = 'January February March April May June July August September October November December'.split()
WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split()
UNITS = {  # name: (dimension, size)
    'km': ('length', '1000'), 'meters': ('length', '1'), 'm': ('length', '1'), 'cm': ('length', '0.01'), 'mm': ('length', '0.001'),
    'miles': ('length', '1609.344'), 'yards': ('length', '0.9144'), 'feet': ('length', '0.3048'), 'inches': ('length', '0.0254'),
    'metres': ('length', '1'), 'kilometres': ('length', '1000'), 'centimetres': ('length', '0.01'), 'litres': ('volume', '1'),
    'lb': ('mass', '453.59237'), 'oz': ('mass', '28.349523125'), 'mph': ('speed', '1.609344'), 'km/h': ('speed', '1'),
    'kg': ('mass', '1000'), 'grams': ('mass', '1'), 'g': ('mass', '1'), 'pounds': ('mass', '453.59237'), 'ounces': ('mass', '28.349523125'),
    'liters': ('volume', '1'), 'milliliters': ('volume', '0.001'), 'ml': ('volume', '0.001'), 'gallons': ('volume', '3.785411784'),
    'seconds': ('time', '1'), 'minutes': ('time', '60'), 'hours': ('time', '3600'), 'days': ('time', '86400'), 'weeks': ('time', '604800'),
}


class ToolError(Exception):
    """What went wrong, in a few words."""


def format_number(value):
    """At most 20 significant digits, no trailing zeros, no exponent."""
    value = Fraction(value)
    number = Decimal(value.numerator) / Decimal(value.denominator)
    if number == 0:
        return '0'
    text = f'{number.quantize(Decimal(1).scaleb(number.adjusted() - 19), ROUND_HALF_UP):f}'
    return text.rstrip('0').rstrip('.') if '.' in text else text


def square_root(value):
    value = Fraction(value)
    if value < 0:
        raise ToolError('the square root of a negative number is not real')
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def cube_root(value):
    value = Fraction(value)
    root = round(abs(value.numerator) ** (1 / 3))
    if root ** 3 == abs(value):
        return Fraction(root if value > 0 else -root)
    return Fraction((Decimal(value.numerator) / value.denominator) ** (Decimal(1) / 3))


def round_number(value, digits=0):
    scaled = Fraction(value) * 10 ** int(digits)
    return Fraction(math.floor(abs(scaled) + Fraction(1, 2)) * (1 if scaled >= 0 else -1), 10 ** int(digits))


def factorial(value):
    if value < 0 or Fraction(value).denominator > 1:
        raise ToolError('a factorial needs a whole number')
    if value > 170:
        raise ToolError('the result is too large')
    return Fraction(math.factorial(int(value)))


def power(base, exponent):
    if abs(exponent) > 200:
        raise ToolError('the result is too large')
    if exponent.denominator == 1:
        return Fraction(base) ** int(exponent)
    if exponent == Fraction(1, 2):
        return square_root(base)
    return Fraction((Decimal(base.numerator) / base.denominator) ** (Decimal(exponent.numerator) / exponent.denominator))


FUNCTIONS = {
    'cbrt': cube_root, 'median': lambda *values: (sorted(values)[(len(values) - 1) // 2] + sorted(values)[len(values) // 2]) / 2,
    'floor': math.floor, 'ceil': math.ceil, 'round': round_number, 'abs': abs, 'min': min, 'max': max, 'sqrt': square_root,
    'mod': lambda a, b: a - b * math.floor(Fraction(a) / b), 'mean': lambda *values: sum(values, Fraction(0)) / len(values),
    'gcd': lambda *values: Fraction(math.gcd(*map(int, values))), 'lcm': lambda *values: Fraction(math.lcm(*map(int, values))),
}
TOKEN = re.compile(r'\s*(\d+\.?\d*|\.\d+|[a-zA-Z]+|[-+*/^()%,!])')
SMALL = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split()
TENS = '_ _ twenty thirty forty fifty sixty seventy eighty ninety'.split()
WORD_VALUES = {word: value for value, word in enumerate(SMALL)} | {word: 10 * value for value, word in enumerate(TENS) if value > 1} | {'a': 1}
SCALES = {'thousand': 1000, 'million': 10 ** 6}
NUMBER_WORDS = re.compile(rf"\b(?:a(?= hundred| thousand| million)|{'|'.join(WORD_VALUES)})\b(?:(?:-| and | )(?:{'|'.join(WORD_VALUES)}|hundred|thousand|million)\b)*")


def read_words(match):
    """`three hundred and forty-two` in digits."""
    total = group = 0
    for word in re.findall('[a-z]+', match[0]):
        if word == 'hundred':
            group *= 100
        elif word in SCALES:
            total, group = total + group * SCALES[word], 0
        else:
            group += WORD_VALUES.get(word, 0)
    return str(total + group)


def evaluate(expression):
    """The exact value of an arithmetic expression."""
    expression = NUMBER_WORDS.sub(read_words, expression)
    tokens, position = [], 0
    while position < len(expression.rstrip()):
        match = TOKEN.match(expression, position)
        if not match:
            raise ToolError('the expression could not be read')
        tokens.append(match.group(1))
        position = match.end()
    tokens.append('')
    try:
        value, rest = read_sum(tokens, 0)
    except ZeroDivisionError:
        raise ToolError('division by zero') from None
    if tokens[rest]:
        raise ToolError('the expression could not be read')
    return Fraction(value)


def read_sum(tokens, at):
    value, at = read_product(tokens, at)
    while tokens[at] in ('+', '-'):
        other, after = read_product(tokens, at + 1)
        if tokens[at + 2] == '%' and after == at + 3:  # `80+15%` is 15 % of 80 more
            other *= value
        value, at = (value + other if tokens[at] == '+' else value - other), after
    return value, at


def read_product(tokens, at):
    value, at = read_unary(tokens, at)
    while tokens[at] in ('*', '/', 'of'):
        other, after = read_unary(tokens, at + 1)
        value, at = (value / other if tokens[at] == '/' else value * other), after
    return value, at


def read_unary(tokens, at):
    if tokens[at] == '-':
        value, at = read_unary(tokens, at + 1)
        return -value, at
    value, at = read_atom(tokens, at)
    while tokens[at] in ('%', '!'):
        value, at = value / 100 if tokens[at] == '%' else factorial(value), at + 1
    if tokens[at] == '^':
        exponent, at = read_unary(tokens, at + 1)
        value = power(Fraction(value), Fraction(exponent))
    return value, at


def read_atom(tokens, at):
    token = tokens[at]
    if token[:1].isdigit() or token[:1] == '.':
        return Fraction(token), at + 1
    if token in FUNCTIONS and tokens[at + 1] == '(':
        arguments, at = [], at + 1
        while not arguments or tokens[at] == ',':
            value, at = read_sum(tokens, at + 1)
            arguments.append(Fraction(value))
        if tokens[at] == ')':
            try:
                return Fraction(FUNCTIONS[token](*arguments)), at + 1
            except TypeError:
                raise ToolError('wrong number of arguments') from None
    elif token == '(':
        value, at = read_sum(tokens, at + 1)
        if tokens[at] == ')':
            return value, at + 1
    raise ToolError('the expression could not be read')


def calculator(expression):
    """The result as the runtime's calculator writes it."""
    match = re.fullmatch(r'(.+?) ?([A-Za-z/]+) to ([A-Za-z/]+)', expression)
    if not match:
        return format_number(evaluate(expression))
    amount, source, target = evaluate(match[1]), match[2], match[3]
    if {source[0].upper(), target[0].upper()} == {'C', 'F'}:
        value = amount * Fraction(9, 5) + 32 if target[0].upper() == 'F' else (amount - 32) * Fraction(5, 9)
    elif source in UNITS and target in UNITS and UNITS[source][0] == UNITS[target][0]:
        value = amount * Fraction(UNITS[source][1]) / Fraction(UNITS[target][1])
    else:
        raise ToolError('these units cannot be converted')
    return f'{format_number(value)} {target}'


def format_date(date):
    return f'{WEEKDAYS[date.weekday()]}, {MONTHS[date.month - 1]} {date.day}, {date.year}'


def add_months(date, months):
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    for day in range(date.day, 0, -1):
        try:
            return datetime.date(year, month + 1, day)
        except ValueError:
            continue


def read_date(text, today):
    text = text.strip()
    words = text.lower()
    simple = {'today': 0, 'tomorrow': 1, 'yesterday': -1}
    if words in simple:
        return today + simple[words] * DAY
    match = re.fullmatch(r'(?:(next|last|this) )?([a-z]+)', words)
    if match and match[2].capitalize() in WEEKDAYS:
        wanted = WEEKDAYS.index(match[2].capitalize())
        if match[1] == 'last':
            return today - ((today.weekday() - wanted - 1) % 7 + 1) * DAY
        ahead = (wanted - today.weekday()) % 7
        return today + (ahead or (7 if match[1] == 'next' else 0)) * DAY
    try:
        match = re.fullmatch(r'(\d{4})-(\d\d?)-(\d\d?)', text)
        if match:
            return datetime.date(*map(int, match.groups()))
        match = re.fullmatch(r'([A-Z][a-z]+) (\d\d?)(?:, (\d{4}))?', text)
        if match and match[1] in MONTHS:
            date = datetime.date(int(match[3] or today.year), MONTHS.index(match[1]) + 1, int(match[2]))
            return date if match[3] or date >= today else datetime.date(today.year + 1, date.month, date.day)
    except ValueError:
        pass
    raise ToolError('there is no such date')


def count(number, unit):
    return f'{number} {unit if number == 1 else unit + "s"}'


def between(first, second, unit):
    """The time between two dates, in whole units and what remains."""
    first, second = min(first, second), max(first, second)
    days, parts = (second - first).days, []
    if unit == 'weeks':
        parts = [(days // 7, 'week'), (days % 7, 'day')]
    elif unit in ('months', 'years'):
        months = (second.year - first.year) * 12 + second.month - first.month
        months -= add_months(first, months) > second
        rest = (second - add_months(first, months)).days
        parts = [(months, 'month'), (rest, 'day')] if unit == 'months' else [(months // 12, 'year'), (months % 12, 'month'), (rest, 'day')]
    parts = [count(*part) for part in parts if part[0]]
    return ' '.join(parts) or count(days, 'day')


def calendar(query, today, clock='14:05'):
    query = query.strip()
    if query == 'now':
        return clock
    match = re.fullmatch(r'(days|weeks|months|years) (?:from (.+) to (.+)|(until|since) (.+))', query)
    if match:
        if match[2]:
            return between(read_date(match[2], today), read_date(match[3], today), match[1])
        date = read_date(match[5], today)
        if match[4] == 'since' and date > today and not re.search(r'\d{4}', match[5]):
            date = datetime.date(date.year - 1, date.month, date.day)
        return between(today, date, match[1])
    match = re.fullmatch(r'(.+?) ([-+]) (\d+) (day|week|month|year)s?', query)
    if match:
        date, amount = read_date(match[1], today), int(match[3]) * (1 if match[2] == '+' else -1)
        if match[4] in ('day', 'week'):
            return format_date(date + amount * (7 if match[4] == 'week' else 1) * DAY)
        return format_date(add_months(date, amount * (12 if match[4] == 'year' else 1)))
    return format_date(read_date(query, today))
