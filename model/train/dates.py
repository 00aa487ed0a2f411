"""Fills the lines of dates.txt: draws dates, weekdays and amounts, and lets the calendar work out the result."""
import datetime
import re

from scenes import Call
from tools import DAY, MONTHS, WEEKDAYS, calendar

CALL = re.compile(r'<calendar: ([^<>]+)>')


def fill_date_line(line, random, today):
    """(question, answer parts) of one line."""
    question, answer = line.split(' => ', 1)
    past = re.search(r'since|ago|born|was|were|did|have been|founded|married', question + answer) and 'until' not in answer
    future = re.search(r'until|till|will|left|deadline|retire|days to|far away', question + answer)
    units = re.search(r'<calendar: (days|weeks|months|years)', answer)
    reach = {'days': 500, 'weeks': 900, 'months': 1500, 'years': 9000}[units[1] if units else 'days'] * random.choice((1, 1, 4))
    first = draw_date(random, today, -reach if past or not future else 1, -1 if past and not future else reach)
    second = first + random.randint(2, reach) * DAY
    bare = future and today < first < today + 360 * DAY and random.random() < 0.5
    slots = {'date': write_date(random, first, bare), 'date2': write_date(random, second), 'month': (random.choice(MONTHS),) * 2, 'weekday': (random.choice(WEEKDAYS),) * 2}
    unit = random.choices(('days', 'weeks', 'months', 'years'), (50, 25, 15, 10))[0]
    number = random.randint(2, {'days': random.choice((30, 150, 1000)), 'weeks': 40, 'months': 30, 'years': 25}[unit])
    slots['n'], slots['unit'] = (amount_words(random, number), str(number)), (unit, unit)
    fill = lambda text, form: re.sub(r'\{(\w+)\}', lambda match: slots[match[1]][form] if match[1] in slots else match[0], text)
    clock = f'{random.randint(0, 23):02}:{random.randint(0, 59):02}'
    parts, pieces = [], CALL.split(answer)
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            parts.append(fill(piece, 0))
            continue
        query = fill(piece, 1)
        result = calendar(query, today, clock)
        shown = re.search(r'\{(result|weekday-of-result|date-of-result)\}', pieces[at + 1])
        pieces[at + 1] = re.sub(r' ?' + re.escape(shown[0]), '', pieces[at + 1], count=1)
        weekday, _, date = result.partition(', ')
        parts[-1] += ' ' if parts[-1] else ''
        parts.append(Call('calendar', query, result, {'result': result, 'weekday-of-result': weekday, 'date-of-result': date}[shown[1]]))
    return fill(question, 0), parts


def draw_date(random, today, low, high):
    if random.random() < 0.85 or low > 0:
        return today + random.randint(low, high) * DAY
    return datetime.date(random.randint(1900, today.year - 1), random.randint(1, 12), random.randint(1, 28))


def amount_words(random, number):
    words = 'zero one two three four five six seven eight nine ten eleven twelve'.split()
    return words[number] if number <= 12 and random.random() < 0.3 else str(number)


def write_date(random, date, bare=False):
    """(as the user types it, as the call carries it)."""
    month, day, year = MONTHS[date.month - 1], date.day, date.year
    ordinal = f'{day}{"th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")}'
    if bare:
        return random.choice((f'{month} {day}', f'{month} {ordinal}', f'{day} {month}', f'the {ordinal} of {month}')), f'{month} {day}'
    if random.random() < 0.15:
        return date.isoformat(), date.isoformat()
    forms = [f'{month} {day}, {year}', f'{month} {day} {year}', f'{day} {month} {year}', f'{month} {ordinal}, {year}', f'the {ordinal} of {month} {year}', f'{month[:3]} {day}, {year}',
             f'{day} {month[:3]} {year}', f'{month} {ordinal} {year}']
    return random.choices(forms, (45, 8, 14, 12, 7, 7, 4, 3))[0], f'{month} {day}, {year}'
