"""Composed problems about how many there are: changes, sums, comparisons. A world gives (sentences of the body, [(question, answer)], conditions)."""
from nouns import PERSONS, plural
from telling import EATEN, IN, OUT, Telling


class Amounts(Telling):
    def change(self):
        """Start and one change; the result, or what it was made of."""
        noun, food = self.item()
        things, owner, random = plural(noun), self.owner(), self.random
        more, supposed = random.random() < 0.5, random.random() < 0.15
        owner.past &= not supposed
        if more:
            amount = self.pick('{b} more', '{b} more', '{b} ' + things, '{b} more ' + things, 'another {b}', '{b} new ones', '{b}')
            deed = self.move(IN, owner, amount.replace('{b}', self.number('b')))
            question, answer = self.now(owner, things), self.has(owner, '<a+b>', things)
            first = self.number('a')
        else:
            amount = self.pick('{b} of them', '{b} of them', '{b}', '{b} ' + things).replace('{b}', self.part_of('b', 'a'))
            deed = self.move(OUT + EATEN * 3 if food else OUT, owner, amount)
            question, answer = self.left(owner, things), self.has(owner, '<a-b>', things, ' left')
            first = self.number('a', 6)
        if supposed:
            start, then, do = f'{owner.name} {owner.verb("have/has/had")} {first} {things}', 'then' if more else 'left', owner.does()
            question = self.pick(f'If {start} and {deed}, how many {things} {do} {owner.short} have {then}?', f'Suppose {start} and {deed}. How many {things} {do} {owner.short} have {then}?', f'How many {things} are {"there" if more else "left"} if {start} and {deed}?', f'{start} and {deed}. How many {things} {do} {owner.short} have {then}?')
            return [], [(question, answer)], ['a-b > 0', 'b > 0'] if not more else []
        joined = random.random() < 0.2
        body = [self.start(owner, first, things).rstrip('.') + f' and {self.pick("then ", "", "later ")}{deed}.'] if joined else [self.start(owner, first, things), self.next(owner, deed)]
        return body, [(question, answer)], [] if more else ['a-b > 0', 'b > 0']

    def backwards(self):
        """The result is known; the start or the change is asked for."""
        noun, food = self.item()
        things, owner, random = plural(noun), self.owner(), self.random
        has_now = f'{self.pick("Now", "Then", "In the end", "Afterwards", "Today")} {owner.short} {owner.verb("have/has/had")} {{t}} {things}{self.pick("", "", " in all", " left")}.'
        some = self.pick(f'{owner.name} {owner.verb("have/has/had")} some {things}.', f'{owner.name} {owner.verb("have/has/had")} a number of {things}.', f'{owner.name} {owner.verb("collect/collects/collected")} {things}.')
        more = random.random() < 0.5
        kind = random.random()
        if kind < 0.5:  # the start is asked for
            deed = self.move(IN if more else OUT, owner, self.number('b') + self.pick(' of them' if not more else ' more', f' {things}'))
            declared = '{t:b+2..b+400}' if more else self.number('t')
            call = '<t-b>' if more else '<t+b>'
            question = self.pick(f'How many {things} did {owner.again} have at first?', f'How many {things} did {owner.again} have before that?', f'How many {things} did {owner.short} have in the beginning?', f'How many did {owner.again} start with?', f'How many {things} were there at the start?', f'How many {things} did {owner.again} have to begin with?')
            answer = self.pick(f'{owner.told} had {call} {things} at first.', f'{owner.told} had {call} {things} before.', f'At first there were {call} {things}.', f'{owner.told} started with {call} {things}.')
            return [some, self.next(owner, deed), has_now.replace('{t}', declared).replace(' left.', '.')], [(question, answer)], []
        first = self.start(owner, self.number('a', 6), things)
        if more:
            verb = self.pick('buy/bought', 'find/found', 'get/got', 'win/won', 'receive/received', 'collect/collected')
            base, past = verb.split('/')
            deed = f'{owner.short} {owner.verb(f"{base}/{base}s/{past}")} some more.'
            question = self.pick(f'How many {things} did {owner.again} {base}?', f'How many did {owner.short} {base}?', f'How many more {things} did {owner.again} {base}?', f'How many new {things} are there?')
            answer = self.pick(f'{owner.told} {past} <t-a> {things}.', f'{owner.told} {past} <t-a>.')
            return [first, deed, has_now.replace('{t}', '{t:a+2..a+300}').replace(' left.', '.')], [(question, answer)], []
        base, third, past = self.pick('give away/gives away/gave away', 'sell/sells/sold', 'lose/loses/lost', 'use/uses/used', 'throw away/throws away/threw away', 'lend out/lends out/lent out') .split('/')
        deed = f'{owner.short} {owner.verb(f"{base}/{third}/{past}")} some of them.'
        question = self.pick(f'How many {things} did {owner.again} {base}?', f'How many did {owner.short} {base}?', f'How many of the {things} did {owner.again} {base}?')
        return [first, deed, has_now.replace('{t}', '{t:1..a-2}').replace(' in all.', ' left.')], [(question, self.pick(f'{owner.told} {past} <a-t> {things}.', f'{owner.told} {past} <a-t>.'))], ['t < a-1']

    def combine(self):
        """Two or three amounts of different owners or kinds; the sum, the difference."""
        random = self.random
        noun, food = self.item()
        things = plural(noun)
        if random.random() < 0.35:  # one owner, two kinds
            other = plural(self.item()[0])
            owner, kind = self.owner(), self.pick('things', 'pieces', 'items')
            if other == things:
                other = 'old ' + other
            body = [f'{owner.name} {owner.verb(self.pick("have/has/had", "buy/buys/bought", "sell/sells/sold", "count/counts/counted", "find/finds/found", "pack/packs/packed"))} {self.number("a", 4)} {things} and {{b:2..a-1}} {other}.']
            does = self.pick('are there', 'are there', 'is that')
            return body, [(self.pick(f'How many {kind} {does} in all?', f'How many {kind} {does} altogether?', f'How many {things} and {other} {does} together?', f'How many {kind} is that in total?'), self.pick(f'There are <a+b> {kind} in all.', f'Together that is <a+b> {kind}.', 'That makes <a+b>.')),
                          (self.pick(f'How many more {things} than {other} are there?', f'How many more {things} are there than {other}?', f'What is the difference between the number of {things} and {other}?'), self.pick(f'There are <a-b> more {things}.', f'There are <a-b> more {things} than {other}.'))], []
        verb = self.pick('has', 'had', 'owns', 'collected', 'found', 'sold', 'bought', 'counted', 'picked' if food else 'made', 'ate' if food else 'brought')
        base = {'has': 'have', 'had': 'have', 'owns': 'own', 'collected': 'collect', 'found': 'find', 'sold': 'sell', 'bought': 'buy', 'counted': 'count', 'picked': 'pick', 'ate': 'eat', 'made': 'make', 'brought': 'bring'}[verb]
        does = 'do' if verb in ('has', 'owns') else 'did'
        past = base if does == 'do' else verb
        a, b = self.number('a', 4), '{b:2..a-1}'
        body = [self.pick(f'{{P}} {verb} {a} {things} and {{Q}} {verb} {b}.', f'{{P}} {verb} {a} {things}, {{Q}} {b}.', f'{{P}} {verb} {a} {things}. {{Q}} {verb} {b} {things}.', f'{{P}} {verb} {a} {things}, and {{Q}} {verb} {b}.')]
        one = 'does' if does == 'do' else 'did'
        questions = [(self.pick(f'How many {things} {does} they {base} together?', f'How many {things} {does} {{P}} and {{Q}} {base} altogether?', f'How many {things} {does} they {base} in all?', f'How many {things} {does} the two {base} in total?', f'How many {things} is that together?'), self.pick(f'Together they {past} <a+b> {things}.', f'They {past} <a+b> {things} together.', f'{{P}} and {{Q}} {past} <a+b> {things}.')),
                     (self.pick(f'How many more {things} {one} {{P}} {base} than {{Q}}?', f'How many more {one} {{P}} {base}?', f'How many {things} more than {{Q}} {one} {{P}} {base}?', f'By how many {things} is {{P}} ahead of {{Q}}?'), self.pick(f'{{P}} {verb} <a-b> more {things} than {{Q}}.', f'{{P}} {verb} <a-b> more.')),
                     (self.pick(f'How many fewer {things} {one} {{Q}} {base} than {{P}}?', f'How many fewer {one} {{Q}} {base}?', f'How many {things} less than {{P}} {one} {{Q}} {base}?'), self.pick(f'{{Q}} {verb} <a-b> fewer {things} than {{P}}.', f'{{Q}} {verb} <a-b> fewer.'))]
        if random.random() < 0.25:
            body.append(f'{{R}} {verb} {self.number("c")} {things}.')
            questions.append((f'How many {things} {does} the three {self.pick("of them ", "")}{base} {self.pick("together", "in all", "altogether")}?', f'The three {past} <a+b+c> {things}.'))
        return body, questions, []

    def compare(self):
        """The second amount is told by the first."""
        things = plural(self.item()[0])
        relation = self.random.choice(['more', 'fewer', 'times', 'part'])
        declared, call, rules = self.number('a', 6), 'a+b', []
        if relation == 'more':
            base = self.number('b') + ' more{T} than {P}'
        elif relation == 'fewer':
            base, call, rules = f'{{b:2..a-2}} {self.pick("fewer", "fewer", "less")}{{T}} than {{P}}', 'a-b', ['b < a-1']
        elif relation == 'times':
            words, call = self.random.choice([('{k:3..9} times', 'k*a'), ('{k:3..9} times', 'k*a'), ('twice', '2*a'), ('three times', '3*a')])
            base = words + ' as many{T} as {P}'
        else:
            words, k = self.random.choice([('half', 2), ('half', 2), ('a third', 3), ('a quarter', 4)])
            base, call, declared = words + ' as many{T} as {P}', f'a/{k}', f'{{a:{2 * k}..{k * self.pick(10, 30, 90)}/{k}}}'
        verb = self.pick('has', 'has', 'owns', 'keeps')
        told = lambda T: base.replace('{T}', T)
        body = [self.pick(f'{{P}} {verb} {declared} {things}. {{Q}} {verb} {told("")}.', f'{{P}} {verb} {declared} {things} and {{Q}} {told("")}.', f'{{Q}} {verb} {told(" " + things)}. {{P}} {verb} {declared} {things}.', f'{{Q}} {verb} {told(" " + things)}, who {verb} {declared}.')]
        whole = f'<{call}>'
        questions = [(self.pick(f'How many {things} does {{Q}} have?', f'How many does {{Q}} have?', f'How many {things} does {{Q}} own?', f'How many {things} are {{Q}}\'s?'), self.pick(f'{{Q}} has {whole} {things}.', f'{{Q}} has {whole}.')),
                     (self.pick(f'How many {things} do they have together?', f'How many {things} do {{P}} and {{Q}} have in all?', f'How many {things} do the two have altogether?', 'How many is that together?'), self.pick(f'{{Q}} has {whole} {things}. Together they have <a+#1>.', f'{{Q}} has {whole} {things}, and together they have <a+#1> {things}.'))]
        return body, questions, rules

    def compare_back(self):
        """The first amount is told by the second, the other way round than asked."""
        things, verb = plural(self.item()[0]), self.pick('has', 'has', 'owns', 'sold', 'found', 'made')
        base = {'has': 'have', 'owns': 'own', 'sold': 'sell', 'found': 'find', 'made': 'make'}[verb]
        does = 'does' if verb in ('has', 'owns') else 'did'
        relation = self.pick('more', 'fewer', 'times')
        if relation == 'times':
            words, k = self.random.choice([('twice', 2), ('three times', 3), ('four times', 4), ('five times', 5), ('ten times', 10)])
            body = self.pick(f'{{P}} {verb} {words} as many {things} as {{Q}}. {{P}} {verb} {{a:{2 * k}..{k * self.pick(9, 30, 80)}/{k}}}.', f'{{P}} {verb} {{a:{2 * k}..{k * self.pick(9, 30, 80)}/{k}}} {things}. That is {words} as many as {{Q}}.')
            call = f'a/{k}'
        elif relation == 'more':
            body, call = self.pick(f'{{P}} {verb} {{b:2..a-2}} more {things} than {{Q}}. {{P}} {verb} {self.number("a", 6)}.', f'{{P}} {verb} {self.number("a", 6)} {things}, which is {{b:2..a-2}} more than {{Q}}.', f'{{P}} {verb} {self.number("a", 6)} {things}. That is {{b:2..a-2}} more than {{Q}}.'), 'a-b'
        else:
            body, call = self.pick(f'{{P}} {verb} {self.number("b")} fewer {things} than {{Q}}. {{P}} {verb} {self.number("a")}.', f'{{P}} {verb} {self.number("a")} {things}, {self.number("b")} fewer than {{Q}}.', f'{{P}} {verb} {self.number("a")} {things}. That is {self.number("b")} fewer than {{Q}}.'), 'a+b'
        return [body], [(self.pick(f'How many {things} {does} {{Q}} {base}?', f'How many {does} {{Q}} {base}?'), self.pick(f'{{Q}} {verb} <{call}> {things}.', f'{{Q}} {verb} <{call}>.'))], ['b < a-1'] if relation == 'more' else []

    def third_kind(self):
        kind = self.random.random()
        things = plural(self.item()[0]) if kind > 0.15 else plural(self.random.choice(PERSONS))
        one, two, three = self.random.sample(['red', 'blue', 'green', 'new', 'old', 'small', 'white', 'black', 'broken', 'yellow', 'wet', 'big'], 3)
        w = self.number('w', 12)
        if kind < 0.4:
            body, ask = self.pick(f'Of {w} {things}, {{a:2..w-4}} are {one} and {{b:2..w-a-1}} are {two}. The others are {three}.', f'There are {w} {things}: {{a:2..w-4}} are {one}, {{b:2..w-a-1}} are {two} and the rest is {three}.'), self.pick(f'How many are {three}?', f'How many {things} are {three}?')
            end = f'{self.pick("That leaves", "The rest is")} <w-#1> {three} {things}.'
        elif kind < 0.7:
            verb = self.pick('sells', 'gives away', 'uses', 'reads', 'eats', 'checks', 'paints', 'sends')
            body, ask = f'{{P}} has {w} {things}. {{He}} {verb} {{a:2..w-4}} of them on {self.pick("Monday", "Saturday", "the first day")} and {{b:2..w-a-1}} on {self.pick("Tuesday", "Sunday", "the second day")}.', self.pick('How many are left?', f'How many {things} are left?', 'How many remain?')
            end = f'{self.pick("That leaves", "There are left")} <w-#1>.'
        else:
            body, ask = f'{{P}} wants {w} {things}. {{He}} already has {{a:2..w-4}}, and {{Q}} gives {{him}} {{b:2..w-a-1}}.', self.pick(f'How many {things} are still missing?', f'How many does {{he}} still need?', 'How many are missing?')
            return [body], [(ask, f'{{P}} has <a+b> {things} then. {self.pick("Still missing are", "Missing are")} <w-#1>.')], ['a+b < w']
        return [body], [(ask, f'{self.pick("Together that is", "The two make")} <a+b>. {end}')], ['a+b < w']

    def two_changes(self):
        noun, food = self.item()
        things, owner, random = plural(noun), self.owner(), self.random
        first_in, second_in = self.pick((True, True), (True, False), (False, True), (False, False), (True, False), (False, True))
        signs = ''.join('+' if more else '-' for more in (first_in, second_in))
        amount = lambda name, more: (self.number(name, 2) if more else f'{{{name}:2..a-2}}') + (self.pick(' more', ' more', f' more {things}') if more else self.pick(' of them', ' of them', '', f' {things}'))
        move = lambda name, more: self.move(IN if more else OUT + EATEN * 3 if food else OUT, owner, amount(name, more))
        body = [self.start(owner, self.number('a', 8), things)]
        one, two = move('b', first_in), move('c', second_in)
        body += [self.next(owner, one), self.next(owner, two)] if random.random() < 0.6 else [f'{self.then()} {owner.short} {one} and {self.pick("then ", "", "later ")}{two}.']
        end = ' left' if not second_in else ''
        middle = self.pick(f'{"Then" if random.random() < 0.5 else "After that"} {owner.told} {owner.tell("had", "had")} <a{signs[0]}b> {things}.', f'First that {"makes" if first_in else "leaves"} <a{signs[0]}b> {things}.', f'After the first change there are <a{signs[0]}b> {things}.')
        question = self.left(owner, things) if not second_in else self.now(owner, things)
        final = self.pick(f'Now {owner.told} {owner.tell("has", "have")} <#1{signs[1]}c>{end}.', f'In the end there are <#1{signs[1]}c>{end}.', f'Then <#1{signs[1]}c> {"are left" if end else "are there"}.')
        return body, [(question, f'{middle} {final}')], [f'a{signs[0]}b > 0', f'a{signs[0]}b{signs[1]}c > 0']
