"""Composed problems about so much for each: groups, shares, prices, rates, percentages, measures. A world gives (sentences of the body, [(question, answer)], conditions)."""
from nouns import CONTAINERS, DISH, FOOD, PERSONS, THINGS, article, plural, single
from telling import Telling


class Rates(Telling):
    def groups(self):
        """Equal groups: the total, the size of a group, the number of groups; one more step by what is added or taken."""
        random = self.random
        if random.random() < 0.25:
            things, container = plural(random.choice(PERSONS)), self.pick('bus/buses', 'team', 'class', 'boat', 'table', 'tent', 'room', 'van', 'group', 'row', 'cabin', 'train_carriage')
        else:
            things, container = plural(self.item()[0]), random.choice(CONTAINERS)
        one, many = single(container), plural(container)
        n, m = self.pick('{n:3..12}', '{n:3..30}', '{n:2..9}'), self.pick('{m:3..12}', '{m:4..40}', '{m:5..120}')
        owner = self.owner()
        has = owner.verb(self.pick('have/has/had', 'buy/buys/bought', 'own/owns/owned', 'pack/packs/packed', 'see/sees/saw', 'fill/fills/filled', 'carry/carries/carried'))
        told = f'{owner.name} {has}'
        each = self.pick(f'Each {one} holds {m} {things}.', f'Each {one} has {m} {things} in it.', f'There are {m} {things} in each {one}.', f'Every {one} contains {m} {things}.', f'In every {one} are {m} {things}.')
        shape = random.random()
        if shape < 0.45:  # the total
            body = [self.pick(f'{told} {n} {many} of {m} {things}.', f'{told} {n} {many} with {m} {things} each.', f'{told} {n} {many} with {m} {things} in each.', f'{told} {n} {many}. {each}', f'There are {n} {many}. {each}', f'There are {n} {many} with {m} {things} each.', f'{told} {n} {many}, each with {m} {things}.')]
            total = self.pick(f'The {many} hold <n*m> {things}.', f'There are <n*m> {things} in the {many}.', f'In the {many} are <n*m> {things}.')
            questions = [(self.pick(f'How many {things} are there in all?', f'How many {things} are there altogether?', f'How many {things} are in the {many}?', f'How many {things} is that?', f'How many {things} {owner.does()} {owner.again} have?', f'What is the number of {things}?', f'How many {things} in total?'), self.pick(f'There are <n*m> {things}.', f'That makes <n*m> {things}.', total))]
            gone = self.pick('{c} of the T are sold', '{c} T are broken', '{c} of the T get lost', '{c} T are taken out', 'someone takes {c} T', '{c} of the T are given away', '{c} of the T are bad', '{c} T are used') if things not in map(plural, PERSONS) else self.pick('{c} of the T leave', '{c} T go home', '{c} of the T are ill', '{c} T stay away')
            gone = gone.replace('{c}', '{c:2..n*m-2}').replace('T', things)
            gone = gone[0].upper() + gone[1:]
            questions.append((self.pick(f'{gone}. How many {things} are left?', f'{gone}. How many are left?', f'If {gone[:1].lower() + gone[1:]}, how many {things} are left?', f'{gone}. How many {things} remain?'), f'{total} After that <n*m-c> are left.'.replace('<n*m-c>', '<#1-c>')))
            extra = self.pick(f'There are {{d:3..60}} more {things} outside.', f'Another {{d:3..60}} {things} lie next to them.', f'{{d:3..60}} {things} do not fit in.', f'Then {{d:3..60}} {things} are added.', f'{{d:3..60}} single {things} come on top.') if things not in map(plural, PERSONS) else f'{{d:3..60}} more {things} come.'
            questions.append((f'{extra} {self.pick(f"How many {things} are there altogether?", f"How many {things} are there now?", f"How many {things} is that in all?")}', f'{total} {self.pick("With the others", "In all", "Altogether")} there are <#1+d>.'))
            if random.random() < 0.4 and things not in map(plural, PERSONS):  # packed and taken from in one sentence
                verb, past = random.choice([('makes', 'made'), ('buys', 'bought'), ('has', 'had'), ('packs', 'packed'), ('brings', 'brought'), ('fills', 'filled'), ('orders', 'ordered'), ('gets', 'got')])
                gone, went = random.choice([('sells', 'sold'), ('gives away', 'gave away'), ('uses', 'used'), ('loses', 'lost'), ('eats', 'ate'), ('throws away', 'threw away'), ('sends off', 'sent off')])
                who = self.pick('{P}', '{P}', '{P}', 'A shop', 'A baker', 'A farmer', 'The cook', 'The school', 'A trader')
                both = (past, went) if owner.past else (verb, gone)
                told = f'{who} {both[0]} {n} {many} of {m} {things} and {both[1]} {{c:2..n*m-2}} {self.pick("of them", things, "")}'.rstrip()
                return [f'{told}.'], [(self.pick(f'How many {things} are left?', 'How many are left?', f'How many {things} remain?', f'How many {things} does that leave?'), f'{total} After that <#1-c> are left.')], ['c < n*m-1', 'c > 0']
            if random.random() < 0.5:
                move = random.choice(questions[1:])
                more = move[0].split('. ')
                if len(more) == 2:
                    body, questions = body + [more[0] + '.'], [(more[1], move[1])]
            return body, questions, ['c < n*m-1', 'c > 0'] if any('{c' in text for text, _ in questions) or '{c' in ' '.join(body) else []
        total = '{=n*m}'
        if shape < 0.72:  # the size of a group
            body = [self.pick(f'{owner.name} {owner.verb("put/puts/put")} {total} {things} into {n} {many}, the same number in each.', f'{total} {things} are packed equally into {n} {many}.', f'{owner.name} {owner.verb("divide/divides/divided")} {total} {things} equally among {n} {many}.', f'{total} {things} are in {n} {many}, equally many in each.', f'{n} equal {many} hold {total} {things}.', f'There are {total} {things} and {n} {many}. Every {one} gets the same number.')]
            return body, [(self.pick(f'How many {things} are in each {one}?', f'How many {things} are in one {one}?', f'How many {things} are there per {one}?', f'How many {things} go into every {one}?', f'How many does each {one} hold?'), self.pick(f'Each {one} holds <t/n> {things}.', f'There are <t/n> {things} in each {one}.', f'Each {one} gets <t/n> {things}.').replace('<t/n>', '<t/n>'))], []
        body = [self.pick(f'{owner.name} {owner.verb("have/has/had")} {total} {things}. {self.pick("A", "One", "Every", "Each")} {one} holds {m}.', f'{total} {things} are packed into {many} of {m}.', f'{m} {things} fit into {article(one)}. There are {total} {things}.', f'{owner.name} {owner.verb("put/puts/put")} {total} {things} into {many}, {m} in each.')]
        return body, [(self.pick(f'How many {many} are needed?', f'How many {many} {owner.does()} {owner.again} need?', f'How many {many} are there?', f'How many {many} does that fill?', f'How many {many} will be full?'), self.pick(f'<t/m> {many} are needed.', f'{owner.told} {owner.tell("needs", "need")} <t/m> {many}.', f'That fills <t/m> {many}.'))], []

    def share(self):
        """What one or two piles give when they are shared out."""
        things, random = plural(self.item()[0]), self.random
        people = plural(random.choice(PERSONS + ['friend', 'cousin', 'sister', 'brother', 'grandchild/grandchildren']))
        owner = self.owner()
        n = self.pick('{n:2..9}', '{n:3..15}')
        kind = random.random()
        q = self.pick(f'How many {things} does each one get?', 'How many does each get?', f'How many {things} does everyone get?', f'How many {things} are there for each of them?', f'How many {things} per head is that?')
        one = self.pick('Each one gets', 'Everyone gets', 'Each gets')
        if kind < 0.4:
            return [self.pick(f'{{=n*m}} {things} are shared equally among {n} {people}.', f'{owner.name} {owner.verb("share/shares/shared")} {{=n*m}} {things} equally among {n} {people}.', f'{n} {people} share {{=n*m}} {things} equally.', f'{owner.name} {owner.verb("give/gives/gave")} {{=n*m}} {things} to {n} {people}, the same number to each.')], [(q, f'{one} <t/n> {things}.')], []
        if kind < 0.7:
            return [f'{owner.name} {owner.verb("have/has/had")} {{=n*m+c}} {things}.', self.pick(f'{owner.short} {owner.verb("keep/keeps/kept")} {{c:2..30}} of them and {owner.verb("share/shares/shared")} the rest equally among {n} {people}.', f'{{c:2..30}} of them are bad. The rest is shared equally by {n} {people}.', f'{owner.short} {owner.verb("eat/eats/ate") if things in map(plural, FOOD) else owner.verb("sell/sells/sold")} {{c:2..30}}, and {n} {people} share the others equally.')], [(q, f'{self.pick("That leaves", "There remain")} <s-c> {things}. {one} <#1/n>.')], []
        return [self.pick(f'{{P}} {self.pick("brings", "has", "bought", "made")} {{a:2..n*m-2}} {things} and {{Q}} {{=n*m-a}}.', f'There are {{a:2..n*m-2}} red and {{=n*m-a}} green {things}.'), f'They {self.pick("are shared", "are divided", "go")} equally {self.pick("among", "among")} {n} {people}.'], [(q, f'{self.pick("Together there are", "That makes")} <a+b> {things}. {one} <#1/n>.')], []

    def price(self):
        """Prices: cost, change, what is left, how many one can buy."""
        random = self.random
        noun = self.item()[0] if random.random() < 0.8 else self.pick('ticket', 'kilo of rice/kilos of rice', 'litre of milk/litres of milk', 'bus ride', 'loaf/loaves', 'pizza', 'hour of parking/hours of parking', 'cup of tea/cups of tea')
        one, things, owner = single(noun), plural(noun), self.owner()
        p = self.pick('{p:2..12}', '{p:2..40}', '{p:0.50..9.75/0.25}', '{p:1.05..19.95/0.05}', '{p:15..150}')
        tag = self.pick(f'{article(one)} costs ${p}.', f'{things} cost ${p} each.', f'one {one} costs ${p}.', f'the price of {article(one)} is ${p}.', f'{article(one)} is ${p}.')
        n = self.pick('{n:2..9}', '{n:3..25}')
        kind = random.random()
        buys = f'{owner.name} {owner.verb("buy/buys/bought")} {n} {things}'
        pays = self.pick('does it cost', 'does it cost', 'is that', f'{owner.does()} {owner.again} pay', f'{owner.does()} {owner.short} spend')
        if kind < 0.35:
            return self.pick(([tag, f'{buys}.'], [(self.pick(f'How much {pays}?', f'How much {pays} in all?', 'What is the total?', f'What does {owner.again} pay?' if not owner.first else 'What do I pay?'), self.pick('It costs $<n*p>.', f'{owner.told} {owner.tell("pays", "pay")} $<n*p>.', 'That is $<n*p>.'))], []),
                             ([], [(self.pick(f'How much do {n} {things} cost if {tag[:-1]}?', f'{tag} How much do {n} {things} cost?', f'What do {n} {things} cost at ${p} each?', f'{n} {things} at ${p} each: how much is that?', f'{buys} at ${p} each. How much is it?'), self.pick('It costs $<n*p>.', f'{n} {things} cost $<n*p>.'.replace(n, '{n}'), 'That is $<n*p>.'))], []))
        bill = '{w:5,10,20,50,100,200,500}'
        if kind < 0.5:
            return [f'{owner.name} {owner.verb("buy/buys/bought")} {article(one)} for ${p} and {owner.verb("pay/pays/paid")} with ${bill}.'], [(self.pick(f'How much change {owner.does()} {owner.again} get?', f'How much {owner.does()} {owner.short} get back?', 'How much is the change?', 'What is the change?'), self.pick(f'{owner.told} {owner.tell("gets", "get")} $<w-p> back.', 'The change is $<w-p>.'))], ['w > p']
        if kind < 0.72:
            ask = self.pick(f'How much change {owner.does()} {owner.again} get?', 'How much money is left?', f'How much {owner.does()} {owner.short} have left?', f'How much {owner.does()} {owner.short} get back?')
            pay = self.pick(f'{owner.short} {owner.verb("pay/pays/paid")} with ${bill}.', f'{owner.short} {owner.verb("have/has/had")} ${bill}.')
            end = self.pick(f'{owner.told} {owner.tell("gets", "get")} $<w-#1> back.', 'That leaves $<w-#1>.', '$<w-#1> is left.')
            return [tag, f'{buys}.', pay], [(ask, f'The {things} cost $<n*p>. {end}')], ['w > n*p']
        if kind < 0.85:
            return [f'{owner.name} {owner.verb("pay/pays/paid")} ${{=n*p}} for {n} {things}.'], [(self.pick(f'How much does one {one} cost?', f'What is the price of one {one}?', f'How much is that for each {one}?', f'What did each {one} cost?'), self.pick(f'One {one} costs $<t/n>.', 'Each costs $<t/n>.'))], []
        return [f'{tag}', f'{owner.name} {owner.verb("have/has/had")} ${{=n*p}}.'], [(self.pick(f'How many {things} can {owner.again} buy?', f'How many {things} can {owner.short} get for that?', f'How many {things} is that enough for?'), f'{owner.told} can buy <t/p> {things}.')], []

    def earnings(self):
        """So much a day, a week, an hour: the sum, the time, the rate; a goal and what is missing."""
        random, owner = self.random, self.owner()
        unit = self.pick('hour', 'day', 'week', 'month')
        noun = self.random.choice(THINGS + FOOD)
        verb, what = self.random.choice([('earn/earns/earned', '$'), ('save/saves/saved', '$'), ('make/makes/made', plural(noun)), ('sell/sells/sold', plural(noun)), ('read/reads/read', 'pages'), ('walk/walks/walked', 'km'), ('write/writes/wrote', 'letters'), ('paint/paints/painted', 'pictures'), ('spend/spends/spent', '$'), ('pick/picks/picked', plural(self.random.choice(FOOD))), ('drink/drinks/drank', 'glasses of water'), ('run/runs/ran', 'km'), ('solve/solves/solved', 'puzzles'), ('plant/plants/planted', 'trees'), ('learn/learns/learned', 'words'), ('collect/collects/collected', 'bottles'), ('drive/drives/drove', 'km'), ('bake/bakes/baked', 'loaves'), ('repair/repairs/repaired', 'bikes'), ('wash/washes/washed', 'cars')])
        base = verb.split('/')[0]
        told = verb.split('/')[2] if owner.past else base if owner.first else verb.split('/')[1]
        show = (lambda number: f'${number}') if what == '$' else lambda number: f'{number} {what}'
        ask = 'How much money' if what == '$' else f'How many {what}'
        m, n = self.pick('{m:3..20}', '{m:10..120}', '{m:2..60}'), self.pick('{n:2..8}', '{n:3..20}')
        per = self.pick(f'a {unit}' if unit != 'hour' else 'an hour', f'every {unit}', f'each {unit}', f'per {unit}')
        kind, do = random.random(), owner.does()
        rate = f'{owner.name} {told} {show(m)} {per}.'
        if kind < 0.35:
            return [rate], [(self.pick(f'{ask} {do} {owner.again} {base} in {n} {unit}s?', f'{ask} is that in {n} {unit}s?', f'{ask} {do} {owner.short} {base} within {n} {unit}s?', f'{ask} after {n} {unit}s?'), self.pick(f'In {{n}} {unit}s {owner.told} {owner.tell(told, told if owner.past else base)} {show("<n*m>")}.', f'That is {show("<n*m>")}.'))], []
        if kind < 0.55:
            return [rate], [(self.pick(f'How many {unit}s {do} {owner.again} need for {show("{=n*m}")}?', f'After how many {unit}s {do} {owner.short} have {show("{=n*m}")}?' if what == '$' else f'How many {unit}s does it take for {show("{=n*m}")}?', f'How long does it take to {base} {show("{=n*m}")}?', f'In how many {unit}s is that {show("{=n*m}")}?'), self.pick(f'It takes <t/m> {unit}s.', f'{owner.told} {owner.tell("needs", "need")} <t/m> {unit}s.'))], []
        if kind < 0.7:
            return [f'{owner.name} {told} {show("{=n*m}")} in {n} {unit}s.'], [(self.pick(f'{ask} is that {per}?', f'{ask} {do} {owner.again} {base} {per}?', f'{ask} is that in one {unit}?', f'{ask} on average is that per {unit}?'), self.pick(f'That is {show("<t/n>")} {per}.', f'{owner.told} {owner.tell(told, told if owner.past else base)} {show("<t/n>")} {per}.'))], []
        if kind < 0.85:
            goal = f'{self.pick("The goal is", "The plan is", "All in all it should be")} {show("{g}")}.'
            return [rate, goal.replace('{g}', '{g:n*m+3..n*m+400}')], [(f'{ask} {self.pick("are" if what != "$" else "is")} still missing after {n} {unit}s?', f'In {{n}} {unit}s {owner.told} {owner.tell(told, told if owner.past else base)} {show("<n*m>")}. {self.pick("Still missing", "Missing")} {"is" if what == "$" else "are"} {show("<g-#1>")}.')], []
        have = f'{owner.name} {owner.verb("have/has/had", False)} {show("{h:5..200}")} already.' if what == '$' and base in ('earn', 'save') else f'{self.pick("Before that", "In the first week", "Yesterday")} {owner.short} {verb.split("/")[2]} {show("{h:5..200}")}.'
        return [rate if random.random() < 0.5 else rate, have], [(f'{ask} is that in all after {n} {unit}s?', f'In {{n}} {unit}s it is {show("<n*m>")}. In all that is {show("<#1+h>")}.')], []

    def parts(self):
        """Percentages and fractions of a set: the part, or the rest."""
        random = self.random
        things = plural(random.choice(PERSONS)) if random.random() < 0.4 else plural(self.item()[0])
        quality = self.pick('red', 'new', 'green', 'broken', 'old', 'big', 'small', 'sold', 'blue', 'white') if things not in map(plural, PERSONS) else self.pick('ill', 'new', 'late', 'tired', 'over 60', 'under 10', 'left-handed', 'from abroad', 'vegetarians')
        where = self.pick('There are W things in all.', 'There are W things.', '{P} counts W things.', 'The group has W things.', 'In the hall are W things.', 'Of W things').replace('things', things)
        ask_part = self.pick(f'How many {things} are {quality}?', f'How many are {quality}?', f'How many of them are {quality}?')
        ask_rest = self.pick(f'How many {things} are not {quality}?', f'How many are not {quality}?', f'How many of them are not {quality}?')
        if random.random() < 0.6:
            share, whole, call = '{p:5,10,20,25,30,40,50,60,75,80,90}' + self.pick('%', '%', '%', ' percent'), '{w:20..600/20}', '<p% of w>'
        else:
            name, top, bottom = self.random.choice([('half', 1, 2), ('a third', 1, 3), ('a quarter', 1, 4), ('a fifth', 1, 5), ('two thirds', 2, 3), ('three quarters', 3, 4), ('a tenth', 1, 10), ('1/4', 1, 4), ('2/5', 2, 5)])
            share, whole, call = name, f'{{w:{4 * bottom}..{bottom * self.pick(12, 40, 100)}/{bottom}}}', f'<w/{bottom}>' if top == 1 else f'<w/{bottom}*{top}>'
        body = [f'Of {whole} {things}, {share} are {quality}.'] if where.startswith('Of') else [where.replace('W', whole), f'{share} of them are {quality}.']
        return body, [(ask_part, self.pick(f'{call} {things} are {quality}.', f'There are {call} {quality} {things}.' if ' ' not in quality and quality != 'vegetarians' and quality not in ('ill', 'late', 'sold') else f'{call} of them are {quality}.')), (ask_rest, f'{call} are {quality}. <w-#1> are not.')], []

    def sale(self):
        """Prices with a discount or a rise."""
        thing = self.pick('bike', 'coat', 'radio', 'sofa', 'watch', 'tent', 'guitar', 'jacket', 'printer', 'camera', 'lamp', 'carpet', 'pair of boots', 'suitcase', 'table', 'phone', 'helmet', 'mirror', 'drum', 'bed', 'clock', 'desk')
        w, p = '{w:20..400/20}', '{p:5,10,20,25,30,40,50}'
        up = self.random.random() < 0.35
        change = self.pick(f'The price rises by {p}%.', f'It becomes {p}% more expensive.', f'Then the price goes up by {p} percent.') if up else self.pick(f'It is reduced by {p}%.', f'There is a discount of {p}%.', f'In the sale it is {p}% cheaper.', f'The shop takes {p}% off.')
        return [self.pick(f'{article(thing)} costs ${w}.', f'the price of {article(thing)} is ${w}.', f'{{P}} wants to buy {article(thing)} for ${w}.'), change], [
            (self.pick('How much does it cost now?', 'What is the new price?', f'How much is the {thing} now?', 'What does it cost then?'), f'The {"rise" if up else "discount"} is $<p% of w>. The new price is $<w{"+" if up else "-"}#1>.'),
            (self.pick('How much is the rise?', 'By how many dollars does the price rise?') if up else self.pick('How much is the discount?', 'How many dollars does one save?', 'How much does the customer save?'), f'The {"rise" if up else "discount"} is $<p% of w>.')], []

    def measures(self):
        """Lengths, weights, ages, times: sums, differences, multiples."""
        kind = self.random.choice(['age', 'length', 'pieces', 'trip', 'recipe', 'rectangle', 'speed'])
        if kind == 'age':
            relation, call, sentence = self.random.choice([('older', 'a+b', '{b:2..40} years older than'), ('younger', 'a-b', '{b:2..a-2} years younger than'), ('times', 'k*a', '{k:2..5} times as old as')])
            body = [self.pick(f'{{P}} is {{a:6..40}} years old. {{Q}} is {sentence} {{P}}.', f'{{P}} is {{a:6..40}}, and {{Q}} is {sentence} {{P}}.', f'{{Q}} is {sentence} {{P}}, who is {{a:6..40}}.')]
            if relation == 'younger' and body[0].startswith('{Q}'):
                body = ['{P} is {a:6..40}. {Q} is {b:2..a-2} years younger.']
            first = f'{{Q}} is <{call}> years old.'
            return body, [(self.pick('How old is {Q}?', 'What is {Q}\'s age?'), first), (self.pick('How old are they together?', 'What is the sum of their ages?'), f'{first} Together they are <a+#1>.'), ('How old will {Q} be in {y:2..20} years?', f'{first} In {{y}} years {{Q.he}} will be <#1+y>.')], ['b < a-1'] if relation == 'younger' else []
        unit = self.pick('m', 'cm', 'metres', 'feet', 'inches', 'km')
        if kind == 'length':
            thing = self.pick('rope', 'ribbon', 'plank', 'cable', 'pipe', 'fence', 'strip of paper', 'string', 'beam', 'hose', 'chain')
            return [f'{self.pick(article(thing), "The " + thing)} is {self.number("a", 8)} {unit} long.', self.pick(f'{{P}} cuts off {{b:2..a-2}} {unit}.', f'{{b:2..a-2}} {unit} are cut off.', f'{{b:2..a-2}} {unit} of it are used.')], [(self.pick('How long is the rest?', f'How many {unit} are left?', 'How much of it is left?', 'What length remains?'), self.pick(f'<a-b> {unit} are left.', f'The rest is <a-b> {unit} long.'))], ['b < a-1']
        if kind == 'pieces':
            thing = self.pick('rope', 'ribbon', 'plank', 'cable', 'wire', 'board', 'cloth')
            return [f'{{P}} cuts a {thing} of {{=n*m}} {unit} into {self.pick("pieces of {m:2..30} U each", "pieces of {m:2..30} U", "parts of {m:2..30} U").replace("U", unit)}.'], [(self.pick('How many pieces are there?', 'How many pieces does {P} get?', 'How many pieces is that?'), self.pick('{P} gets <t/m> pieces.', 'There are <t/m> pieces.'))], []
        if kind == 'trip':
            return [self.pick(f'The way from {{P}}\'s house to the sea is {{a:20..400}} km.', f'{{P}} has to drive {{a:20..400}} km.', f'A hike is {{a:20..60}} km long.'), self.pick('{b:3..a-2} km are done.', '{P} has done {b:3..a-2} km.', 'After {b:3..a-2} km there is a break.')], [(self.pick('How many km are left?', 'How far is it still?', 'How many km remain?'), self.pick('<a-b> km are left.', 'It is still <a-b> km.'))], ['b < a-1']
        if kind == 'recipe':
            dish, what = self.random.choice(DISH), self.pick('flour', 'sugar', 'water', 'rice', 'butter', 'milk', 'sand')
            g = self.pick('g', 'ml', 'grams', 'cups')
            return [self.pick(f'One portion of {dish} needs {{m:2..400}} {g} of {what}.', f'For one {self.pick("pot", "bowl", "batch")} of {dish} you need {{m:2..400}} {g} of {what}.')], [(self.pick(f'How much {what} is needed for {{n:2..12}}?', f'How many {g} of {what} do {{n:2..12}} need?'), self.pick(f'{{n}} need <n*m> {g} of {what}.', f'That needs <n*m> {g} of {what}.'))], []
        if kind == 'rectangle':
            thing, u = self.pick('garden', 'field', 'room', 'picture', 'carpet', 'yard', 'pool', 'wall', 'sheet', 'table'), self.pick('m', 'metres', 'feet', 'cm')
            return [f'{article(thing)} is {{m:4..60}} {u} long and {{n:3..m}} {u} wide.'], [(self.pick('What is its area?', 'How large is it?', f'How many square {u} is that?', f'What is the area of the {thing}?'), self.pick(f'The area is <m*n> square {u}.', f'It is <m*n> square {u} large.')), (self.pick('What is its perimeter?', 'How long is the way round it?', 'How long must a fence around it be?' if thing in ('garden', 'field', 'yard', 'pool') else 'What is the perimeter?'), f'Length and width are <m+n> {u}. The perimeter is <2*#1> {u}.')], []
        who, per = self.random.choice([('A train', 'km'), ('{P}', 'km'), ('A machine', 'parts'), ('A printer', 'pages'), ('A truck', 'km'), ('A pump', 'litres'), ('The ship', 'miles'), ('A bus', 'km'), ('A bird', 'km'), ('An oven', 'loaves')])
        does = 'does' if per in ('km', 'miles') else 'makes'
        return [self.pick(f'{who} {does} {{m:4..120}} {per} an hour.', f'{who} {does} {{m:4..120}} {per} in one hour.', f'{who} {does} {{m:4..120}} {per} every hour.')], [(self.pick(f'How many {per} is that in {{n:2..12}} hours?', f'How many {per} in {{n:2..12}} hours?', f'How many {per} after {{n:2..12}} hours?'), f'In {{n}} hours that is <n*m> {per}.'), (self.pick(f'How many hours does it take for {{=n*m}} {per}?', f'How long does it take for {{=n*m}} {per}?'), 'It takes <t/m> hours.')], []

    def gauge(self):
        """A level before and after: how much it rose or fell, or where it ends."""
        what, unit = self.random.choice([('the suitcase', 'kg'), ('{P}', 'kg'), ('the tank', 'litres'), ('the river', 'cm'), ('the account', '$'), ('the bus fare', '$'), ('the candle', 'cm'), ('the sack', 'kg'), ('the battery', 'percent'), ('the tree', 'feet'), ('the rent', '$'), ('the puppy', 'pounds'), ('the snow', 'inches'), ('the village', 'people'), ('the score', 'points'), ('the temperature', 'degrees'), ('the bottle', 'ml'), ('the phone bill', '$')])
        show = (lambda number: f'${number}') if unit == '$' else lambda number: f'{number} {unit}'
        is_, was = ('weighs', 'weighed') if unit in ('kg', 'pounds') else ('holds', 'held') if unit in ('litres', 'ml') else ('has', 'had') if what in ('the village', 'the account') else ('is', 'was')
        a = self.pick('{a:12..90}', '{a:30..400}', '{a:2.5..60/0.5}', '{a:8.1..95/0.1}')
        up = self.random.random() < 0.5
        b = self.pick('{b:2..40}', '{b:3..200}') if up else '{b:2..a-1}'
        end, sign = ('{e:a+2..a+90}', 'e-a') if up else ('{e:1..a-1}', 'a-e')
        when, later = self.pick(('in May', 'in June'), ('last year', 'this year'), ('in the morning', 'in the evening'), ('at first', 'then'), ('on Monday', 'on Friday'), ('before', 'now'), ('in 2019', 'today'), ('at noon', 'at six'))
        kind = self.random.random()
        if kind < 0.55:
            change = self.pick(f'It {self.pick("rose by", "went up by", "increased by")} {show(b)}.', f'Then {show(b)} {self.pick("more came", "came on top", "were added")}.' if unit != '$' else f'Then it went up by {show(b)}.') if up else self.pick(f'It {self.pick("fell by", "went down by", "dropped by", "decreased by")} {show(b)}.', f'Then it lost {show(b)}.')
            ask = self.pick('What is it now?', 'How much is it after that?', 'How much is that now?', f'What does {what} {is_[:-1] if is_ in ("weighs", "holds") else "have" if is_ == "has" else "show"} now?')
            call = '<a+b>' if up else '<a-b>'
            return [self.pick(f'{what} {was} {show(a)} {when}.', f'{when}, {what} {was} {show(a)}.', f'{what} {was} {show(a)}.'), change], [(ask, self.pick(f'Now it is {show(call)}.', f'It is {show(call)}.', f'{what} now {is_} {show(call)}.'))], [] if up else ['b < a']
        moved = self.pick('go up', 'rise', 'increase') if up else self.pick('go down', 'fall', 'drop')
        return [self.pick(f'{when} {what} {was} {show(a)}, {later} it {was} {show(end)}.', f'{what} {was} {show(a)} {when} and {show(end)} {later}.', f'{what} {was} {show(a)}; {later} it {was} {show(end)}.')], [(self.pick(f'By how much did it {moved}?', f'How much did it {moved}?', 'What is the difference?', f'How much {"more" if up else "less"} is that?'), self.pick(f'It is {show("<C>")} {"more" if up else "less"}.', f'The difference is {show("<C>")}.').replace('<C>', f'<{sign}>'))], []

    def years(self):
        what, one, two = self.random.choice([('A mill', 'was built', 'burned down'), ('{P}', 'was born', 'married'), ('A bridge', 'was opened', 'was closed'), ('The club', 'was founded', 'won the cup'), ('A painter', 'was born', 'died'), ('The school', 'was opened', 'was rebuilt'), ('A poet', 'was born', 'won a prize'), ('The ship', 'was launched', 'sank'), ('{P}', 'began to work', 'retired'), ('A tower', 'was begun', 'was finished')])
        old, new, rule = self.random.choice([('17', '18', '{b:10..99}'), ('18', '19', '{b:10..99}'), ('19', '20', '{b:10..24}'), ('18', '18', '{b:a+5..99}'), ('19', '19', '{b:a+5..99}')])
        he = '{he}' if what == '{P}' else 'she' if what in ('A painter', 'A poet') else 'it'
        first = old + '{a:10..90}'  # the century apart, so that no year gets a comma
        if self.random.random() < 0.7:
            return [self.pick(f'{what} {one} in {first} and {two} in {new}{rule}.', f'{what} {one} in {first}. In {new}{rule} {he} {two}.')], [(self.pick('How many years lie between?', 'How many years passed between the two?', 'How many years is that?', 'How many years later was that?'), self.pick('<B-A> years lie between.', 'That is <B-A> years.', '<B-A> years passed.').replace('B', new + 'b').replace('A', old + 'a'))], []
        return [f'{what} {one} in {first} and {two} {{n:8..80}} years later.'], [(self.pick('In which year was that?', 'When was that?', 'Which year was it then?'), f'That was in <{old}a+n>.')], []

    def scaled(self):
        """So much for n, how much for another number: through one."""
        noun = self.item()[0]
        one, things = single(noun), plural(noun)
        n, k = self.pick('{n:2..9}', '{n:3..20}'), '{k:2..30}'
        kind = self.random.random()
        if kind < 0.5:
            return [self.pick(f'{n} {things} cost ${{=n*p}}.', f'{{P}} pays ${{=n*p}} for {n} {things}.', f'For {n} {things} one pays ${{=n*p}}.')], [(self.pick(f'How much do {k} {things} cost?', f'What do {k} {things} cost at that price?', f'How much would {k} of them be?', f'What is the price of {k} {things}?'), f'One {one} costs $<t/n>. {self.pick("{k} cost", "{k} of them cost", "For {k} it is")} $<k*#1>.'), (self.pick(f'How much is one {one}?', 'What does one cost?'), f'One {one} costs $<t/n>.')], ['k != n']
        who, verb, what = self.random.choice([('A machine', 'makes', things), ('{P}', 'packs', things), ('A pump', 'moves', 'litres'), ('A printer', 'prints', 'pages'), ('{P}', 'types', 'words'), ('A tap', 'fills', 'buckets'), ('A car', 'drives', 'km'), ('{P}', 'walks', 'km'), ('A cow', 'gives', 'litres')])
        base = {'makes': 'make', 'packs': 'pack', 'moves': 'move', 'prints': 'print', 'types': 'type', 'fills': 'fill', 'drives': 'drive', 'walks': 'walk', 'gives': 'give'}[verb]
        unit = self.pick('minute', 'hour', 'day')
        does = who[0].lower() + who[1:] if who != '{P}' else who
        return [f'{who} {verb} {{=n*m}} {what} in {n} {unit}s.'], [(self.pick(f'How many {what} does {self.pick(does.replace("a ", "the "), "it" if who != "{P}" else "{he}")} {base} in {k} {unit}s?', f'How many {what} is that in {k} {unit}s?', f'How many {what} in {k} {unit}s?'), f'In one {unit} {self.pick("it is", "that is")} <t/n> {what}. In {{k}} {unit}s it is <k*#1>.')], ['k != n']

    def rest_times(self):
        """Some drop out, or two kinds come together; all others count so much each."""
        food = plural(self.random.choice(FOOD))
        people, thing = plural(self.random.choice(PERSONS)), plural(self.random.choice(THINGS))
        m = self.pick('{m:2..12}', '{m:3..40}')
        dropped = self.random.random() < 0.55
        if dropped:
            first = self.random.choice([(f'Of {{a:8..60}} {people}, {{b:2..a-3}} are {self.pick("ill", "absent", "away")}.', f'The others get {m} {food} each.', f'How many {food} is that?', food, people), (f'{{P}} has {{a:8..60}} {thing}. {{b:2..a-3}} of them are broken.', f'{{He}} sells the others for ${m} each.', 'How much does {he} get?', '$', thing), (f'{{P}} makes {{a:8..60}} {food} and {self.pick("eats", "keeps", "burns")} {{b:2..a-3}} of them.', f'The rest is sold for ${m} each.', 'How much money is that?', '$', food),
                                        (f'There are {{a:8..60}} rows in the hall. {{b:2..a-3}} rows are closed.', f'Every other row has {m} seats.', 'How many seats can be used?', 'seats', 'rows'), (f'{{P}} wants to swim {{a:8..60}} laps of {m} m but skips {{b:2..a-3}} of them.', '', 'How many m does {he} swim?', 'm', 'laps')])
            body, rule, call = [first[0], first[1]], ['b < a-2'], '<a-b>'
        else:
            first = self.random.choice([(f'{self.pick("A choir has", "In a class are", "A team has")} {{a:3..40}} girls and {{b:3..40}} boys.', f'Each {self.pick("gets", "needs", "brings")} {m} {thing}.', f'How many {thing} is that?', thing, 'children'), (f'{{P}} sells {{a:3..40}} {food} and {{b:3..40}} {thing},', f'all for ${m} each.', 'How much does {he} earn?', '$', 'pieces'), (f'{{P}} walks {{a:2..30}} km in the morning and {{b:2..30}} km in the evening.', f'{{He}} does so on {m} days.', 'How many km is that in all?', 'km', 'km'), (f'A machine uses {{a:2..40}} g of oil and {{b:2..40}} g of water every day.', '', f'How many g does it use in {m} days?', 'g', 'g'), (f'There are {{a:3..40}} {people} and {{b:3..40}} helpers.', f'Everyone drinks {m} glasses of juice.', 'How many glasses is that?', 'glasses', 'people')])
            body, rule, call = [first[0], first[1]], [], '<a+b>'
        one, unit = first[4], first[3]
        if body[0].endswith(','):
            body = [' '.join(body)]
        answer = f'{"There remain" if dropped else "Together that is"} {call} {one}. {self.pick("That makes", "For them it is", "In all it is")} ' + ('$<#1*m>.' if unit == '$' else f'<#1*m> {unit}.')
        return body, [(first[2], answer)], rule

    def repacked(self):
        """Groups taken apart and put together anew; rooms of rooms."""
        things, (first, second) = plural(self.item()[0]), self.random.sample(CONTAINERS, 2)
        if self.random.random() < 0.6:
            people, k = self.random.random() < 0.4, '{k:2,3,4,5,6,8,10,12}'
            then = self.pick(f'All of them are shared equally by {k} people.', f'{k} people share them equally.') if people else self.pick(f'{{He}} puts them into {plural(second)} of {k}.', f'Then they go into {plural(second)} with {k} in each.')
            ask = self.pick(f'How many {things} does each get?', 'How many does each person get?') if people else self.pick(f'How many {plural(second)} are there?', f'How many {plural(second)} does that fill?', f'How many {plural(second)} are needed?')
            end = 'Each gets <#1/k>.' if people else f'They fill <#1/k> {plural(second)}.'
            return [f'{{P}} {self.pick("has", "empties", "opens")} {{n:2..12}} {plural(first)} of {{m:2,3,4,6,8,10,12,20,24}} {things}.', then], [(ask, f'There are <n*m> {things}. {end}')], ['n*m % k == 0', 'n*m > k']
        outer, middle = self.random.choice([('cabinet', 'shelf/shelves'), ('house', 'floor'), ('street', 'house'), ('ship', 'deck'), ('train', 'carriage'), ('shelf/shelves', 'box'), ('crate', 'box'), ('field', 'row'), ('hall', 'table'), ('bus', 'row'), ('album', 'page')])
        return [f'{self.pick("There are", "{P} has", "{P} counts")} {{n:2..12}} {plural(outer)}. Each {single(outer)} has {{m:2..15}} {plural(middle)}, and {self.pick("every", "each")} {single(middle)} has {{k:2..20}} {things}.'], [(self.pick(f'How many {things} are there?', f'How many {things} is that in all?', f'How many {things} altogether?'), f'There are <n*m> {plural(middle)}. On them are <#1*k> {things}.'.replace('On them are', self.pick('Together they have', 'They have', 'That makes'))), (f'How many {plural(middle)} are there?', f'There are <n*m> {plural(middle)}.')], []

    def two_prices(self):
        one, other = self.random.sample(THINGS + FOOD, 2)
        owner = self.owner()
        p, q = self.pick('{p:2..40}', '{p:0.50..12.75/0.25}'), self.pick('{q:2..60}', '{q:0.50..12.75/0.25}')
        bill = '{w:10,20,50,100,200}'
        buys = f'{owner.name} {owner.verb("buy/buys/bought")} {article(single(one))} for ${p} and {article(single(other))} for ${q}'
        return [f'{buys}.', self.pick(f'{owner.short} {owner.verb("pay/pays/paid")} with ${bill}.', f'{owner.short} {owner.verb("have/has/had")} ${bill} {self.pick("in all", "at first", "in the purse", "to spend")}.')], [
            (self.pick(f'How much change {owner.does()} {owner.again} get?', f'How much {owner.does()} {owner.short} have left?', 'How much money is left?'), f'{self.pick("The two cost", "Together they cost")} $<p+q>. {self.pick("That leaves $<w-#1>.", "$<w-#1> is left.")}'),
            (self.pick('How much do both cost?', 'How much is that together?', f'How much {owner.does()} {owner.again} spend?'), self.pick('The two cost $<p+q>.', 'Together that is $<p+q>.'))], ['w > p+q']

    def rest_of_groups(self):
        """Packing with something already there or something kept back."""
        things, container, owner = plural(self.item()[0]), self.random.choice(CONTAINERS), self.owner()
        one, many = single(container), plural(container)
        if self.random.random() < 0.5:
            return [f'{owner.name} {owner.verb("have/has/had")} {{=n*m+c}} {things}.', f'{self.pick("{c:2..40} of them are broken", "{c:2..40} of them are sold", "{c:2..40} of them are given away", "{c:2..40} of them are lost")}. {self.pick("The rest is packed into K of {m:3..20}.", "The others go into K, {m:3..20} in each.").replace("K", many)}'], [(self.pick(f'How many {many} are there?', f'How many {many} are needed?', f'How many {many} does that fill?'), f'{self.pick("That leaves", "There remain")} <s-c> {things}. They fill <#1/m> {many}.')], []
        return [f'{self.pick("On Monday", "First", "In the morning")} {owner.name} {owner.verb("make/makes/made")} {{a:2..n*m-2}} {things}, {self.pick("on Tuesday", "then", "in the afternoon")} {{=n*m-a}}.', f'{self.pick("They are packed into K of {m:3..20}.", "They go into K, {m:3..20} in each.", "{m:3..20} fit into one O.").replace("K", many).replace("O", one)}'], [(self.pick(f'How many {many} are there?', f'How many {many} are needed?', f'How many {many} can be filled?'), f'In all there are <a+b> {things}. They fill <#1/m> {many}.')], []
