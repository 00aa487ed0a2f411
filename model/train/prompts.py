"""The tool list before a conversation: the three default tools, variations, and invented tools. Knows the prompt of README.md."""
import json

from scenes import Call
from tokenizer import BOS, SYSTEM, TOOLS

DEFAULT_TOOLS = [('calculator', 'expression', 'Works out an arithmetic expression'), ('translator', 'text, to', 'Translates a text into another language'),
                 ('calendar', 'query', "Knows today's date, weekdays and date arithmetic")]
OTHER_DESCRIPTIONS = {
    'calculator': ['Calculates', 'Evaluates arithmetic', 'Does sums, percentages and unit conversions', 'A calculator for arithmetic'],
    'translator': ['Translates text', 'Translates from English', 'Turns a text into another language', 'Machine translation'],
    'calendar': ['Dates and weekdays', "Tells today's date and counts days", 'A calendar', 'Answers questions about dates and the time'],
}
SYSTEMS = ['You are a helpful assistant.', 'You are a helpful assistant that uses tools.', 'Answer briefly.', 'You are toolformer, a small language model.', 'Be polite and short.',
           'Use the tools whenever a number or a date is asked for.', 'You answer questions of customers.', 'Keep your answers to one sentence.']

# (name, parameters, description, values, result, [(question, answer)]): {0} is the value asked about, {r} the result.
CITIES = 'Oslo Lima Cairo Boston Kyoto Lagos Madrid Prague Denver Perth Quito Hanoi Dublin Zagreb Tunis Riga Bergen Porto Leeds Austin'.split()
WORDS = 'lantern harbour thimble glacier willow compass velvet orchard pebble saffron meadow anchor ribbon tunnel copper basil heron magnet quarry sparrow'.split()
FIRMS = 'ACME Norvik Helios Brightwater Castor Tellus Quantis Ferrum Arbor Lumen Zenith Polaris'.split()
INVENTIONS = [
    ('weather', 'city', 'The weather in a city', CITIES, ('12 degrees, rain', 'sunny, 24 degrees', '3 degrees and snow', 'cloudy, 17 degrees'),
     [('What is the weather like in {0}?', 'In {0} it is {r}.'), ('weather in {0}', '{r}'), ('How is the weather in {0} today?', 'The weather in {0}: {r}.'), ('Is it raining in {0}?', 'The weather in {0} is {r}.')]),
    ('stock', 'sku', 'Pieces of an article in stock', ('A-17', 'B-204', 'K9', 'X-55', 'T-100', 'M31', 'C-8', 'QZ-12'), ('12', '0', '340', '7', '58'),
     [('How many of {0} do we still have?', 'We still have {r} of {0}.'), ('How many pieces of {0} are in stock?', 'There are {r} pieces of {0} in stock.'), ('stock of {0}?', '{r}'), ('Is {0} in stock?', 'There are {r} of {0} in stock.')]),
    ('dictionary', 'word', 'Explains what a word means', WORDS, ('a small thing', 'a kind of plant', 'a tool for making things', 'something that shines', 'a place by the water'),
     [('What does {0} mean?', '{0} means {r}.'), ('Define {0}.', '{0}: {r}.'), ('what is the meaning of {0}', 'It means {r}.'), ('Explain the word {0}.', 'The word {0} means {r}.')]),
    ('share_price', 'company', 'The price of a share', FIRMS, ('41.2', '118.75', '9.06', '230', '77.5'),
     [('What is the share price of {0}?', 'A share of {0} costs {r}.'), ('price of {0} shares', '{r}'), ('How much is one share of {0}?', 'One share of {0} is {r}.')]),
    ('search', 'query', 'Searches the web', WORDS + CITIES, ('3 pages found', 'a museum and a park', 'opened in 1931', 'no result'),
     [('Search the web for {0}.', 'The search gives {r}.'), ('Look up {0} for me.', 'I found: {r}.'), ('search for {0}', '{r}')]),
    ('population', 'city', 'How many people live in a city', CITIES, ('709037', '10092000', '541000', '83500'),
     [('How many people live in {0}?', '{0} has {r} inhabitants.'), ('population of {0}', '{r}'), ('What is the population of {0}?', 'The population of {0} is {r}.')]),
    ('phone_book', 'name', 'Finds a telephone number', ('Alma Berg', 'Tom Reyes', 'Ida Novak', 'Omar Said', 'Lena Fox', 'Ravi Patel'), ('555-0134', '020 7946 018', '0171 2233'),
     [("What is {0}'s number?", "{0}'s number is {r}."), ('phone number of {0}', '{r}'), ('How can I call {0}?', 'You can call {0} at {r}.')]),
    ('order_status', 'order', 'Where an order is', ('1042', '77310', '5508', '91234', '20017'), ('shipped', 'waiting for payment', 'delivered on Monday', 'packed'),
     [('Where is order {0}?', 'Order {0} is {r}.'), ('What is the status of order {0}?', 'The status of order {0} is {r}.'), ('status {0}', '{r}')]),
    ('room_temperature', 'room', 'Measures the temperature of a room', ('kitchen', 'bedroom', 'office', 'cellar', 'bathroom', 'attic'), ('21.5', '18', '16.2', '23'),
     [('How warm is the {0}?', 'In the {0} it is {r} degrees.'), ('temperature in the {0}', '{r} degrees'), ('Is it cold in the {0}?', 'The {0} has {r} degrees.')]),
    ('distance', 'start, destination', 'The distance between two places', CITIES, ('612 km', '1340 km', '95 km', '4210 km'),
     [('How far is it from {0} to {1}?', 'From {0} to {1} it is {r}.'), ('distance between {0} and {1}', '{r}'), ('How many km is {1} from {0}?', '{1} is {r} from {0}.')]),
    ('timer', 'minutes', 'Starts a timer', [str(number) for number in range(1, 91)], ('started', 'running'),
     [('Set a timer for {0} minutes.', 'The timer for {0} minutes is {r}.'), ('timer {0} minutes', 'The timer is {r}.'), ('Wake me in {0} minutes.', 'A timer of {0} minutes is {r}.')]),
    ('note', 'text', 'Keeps a note', ('buy milk', 'call the plumber', 'water the plants', 'pay the rent', 'book the hall', 'return the library books'), ('saved',),
     [('Make a note: {0}.', 'The note is {r}.'), ('Remember to {0}.', 'Noted, it is {r}.'), ('note: {0}', 'The note is {r}.')]),
]


def draw_tools(random):
    """A tool list that differs from the default one."""
    tools = [list(tool) for tool in DEFAULT_TOOLS]
    if random.random() < 0.2:
        tools = random.sample(tools, random.choice((1, 2)))
    for tool in tools:
        if random.random() < 0.3:
            tool[2] = random.choice(OTHER_DESCRIPTIONS[tool[0]])
    if random.random() < 0.75:
        tools += random.sample(INVENTIONS, random.choice((1, 1, 2, 3)))
    if random.random() < 0.7:
        random.shuffle(tools)
    return tools


def prompt_pieces(tools, system=None):
    """What stands before the first turn."""
    pieces = [BOS]
    if system:
        pieces += [SYSTEM, system]
    if tools:
        pieces += [TOOLS, ''.join(f'{tool[0]}({tool[1]}): {tool[2]}\n' for tool in tools)]
    return pieces


def invented_question(random, tool, made_up):
    """(question, answer parts) for an invented tool."""
    name, parameters, _, values, results, wordings = tool
    question, answer = random.choice(wordings)
    values = [made_up() if random.random() < 0.2 and not values[0][0].isdigit() else value for value in random.sample(values, 2)]
    count = parameters.count(',') + 1
    arguments = values[0] if count == 1 else ', '.join(json.dumps(value, ensure_ascii=False) for value in values[:count])
    result = random.choice(results)
    before, _, after = answer.partition('{r}')
    fill = lambda text: text.replace('{0}', values[0]).replace('{1}', values[1])
    return fill(question), [fill(before), Call(name, arguments, result, result), fill(after)]
