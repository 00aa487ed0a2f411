"""Fills the lines of failures.txt and prose.txt, whose calls are written `<expression|digits>`, `<translator: text, language>` and `<calendar: query>`."""
import json
import re

from dates import draw_date, write_date
from scenes import Call, Filling, shorten
from tools import DAY, MONTHS, WEEKDAYS, calculator, calendar

RULE = re.compile(r'\{([a-z]\d?):([^{}]*)\}')
RESULT_SLOT = re.compile(r' ?\{(result|weekday-of-result|date-of-result)\}')


def mixed_filling(line, random, people, style, today, text, language):
    """A filling that knows the slots of scenes, translations and dates; `queries` are the dates as a call carries them."""
    filling = Filling(random, people, style, dict(RULE.findall(line)))
    first = draw_date(random, today, -900, 900)
    written, second = write_date(random, first), write_date(random, first + random.randint(2, 500) * DAY)
    filling.choices = {'text': text, 'lang': language, 'weekday': random.choice(WEEKDAYS), 'month': random.choice(MONTHS), 'date': written[0], 'date2': second[0],
                       'n': str(random.randint(2, 90)), 'unit': random.choice(('days', 'weeks', 'months'))}
    queries = {**filling.choices, 'date': written[1], 'date2': second[1]}
    return filling, queries


def fill_parts(text, filling, queries, today, foreign, error=None):
    """Strings and calls of an answer or a text; with `error` the calls fail for that reason."""
    parts, results = [], []
    pieces = re.split(r'<([^<>]+)>', text)
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            parts.append(filling.fill(piece, plain=error is not None))
            continue
        tool, _, rest = piece.rpartition(': ') if piece.startswith(('translator: ', 'calendar: ')) else ('calculator', '', piece)
        if tool == 'translator':
            words, language = filling.fill(rest, plain=True).rsplit(', ', 1)
            arguments, result = f'{json.dumps(words, ensure_ascii=False)}, {language}', foreign
        elif tool == 'calendar':
            arguments = filling.fill(re.sub(r'\{(\w+)\}', lambda match: match[0] if match[1] in filling.rules else queries.get(match[1], match[0]), rest), plain=True)
            result = calendar(arguments, today) if not error else ''
        else:
            expression, _, digits = rest.partition('|')
            arguments = filling.expression(expression, results)
            result = calculator(arguments) if not error else ''
            results.append(result)
        if parts == [''] and pieces[number + 1].startswith(' '):
            pieces[number + 1] = pieces[number + 1][1:]  # nothing stands before the call, so no blank after it
        if error:
            parts.append(Call(tool, arguments, f'error: {error}', ''))
            continue
        shown = calculator(f'round({result}, {digits})') if tool == 'calculator' and digits else shorten(result) if tool == 'calculator' else result
        slot = RESULT_SLOT.match(pieces[number + 1]) if tool == 'calendar' else None
        if slot:
            weekday, _, date = result.partition(', ')
            shown = {'result': result, 'weekday-of-result': weekday, 'date-of-result': date}[slot[1]]
            pieces[number + 1] = pieces[number + 1][slot.end():]
            parts[-1] += ' '
        parts.append(Call(tool, arguments, result, shown))
    return parts
