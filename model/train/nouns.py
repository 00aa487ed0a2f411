"""The nouns of composed problems. Knows nothing of sentences."""
import re

FOOD = """apple pear plum peach orange lemon banana mango fig cherry strawberry cookie biscuit muffin bun roll cupcake pancake waffle doughnut dumpling sandwich sausage egg tomato/tomatoes carrot radish potato/potatoes pepper mushroom walnut almond olive candy sweet toffee
    lollipop chocolate_bar cracker pretzel sardine meatball grape raisin pie tart bagel croissant lime melon kiwi apricot brownie scone dumpling samosa falafel taco pickle oyster shrimp pizza rice_cake energy_bar spring_roll fish_finger turnip onion beetroot pumpkin""".split()
THINGS = """pencil pen crayon marker sticker stamp coin marble bead button card postcard photo poster comic magazine book notebook envelope shell pebble feather badge toy_car doll puzzle balloon ribbon bracelet ring key candle sock scarf/scarves hat glove shirt towel cushion plate cup
    spoon fork bowl bottle lamp brick plank nail screw bolt tile ball tennis_ball kite flag seed bulb rose tulip sunflower flower_pot film ticket coupon paper_clip rubber_band model_plane fossil magnet paintbrush eraser ruler letter leaf/leaves stone medal wooden_block game_card robot
    teddy_bear key_ring necklace mug knife/knives brush/brushes chair bench/benches stool lantern battery cable light_bulb map calendar_page newspaper leaflet cookbook dictionary diary paper_crane snow_globe bookmark mask puppet whistle drumstick guitar_pick dart arrow golf_ball
    fishing_hook tent_peg rope_ring blanket pillow curtain_hook hairpin comb soap_bar sponge bandage pill toothbrush/toothbrushes nappy tin_can glass_jar egg_cup napkin straw chopstick coaster cherry_stone acorn pine_cone chestnut""".split()
ANIMALS = 'duck hen sheep/sheep goat cow pig horse rabbit pigeon goldfish/goldfish frog beetle bee kitten puppy parrot canary snail donkey llama turkey goose/geese lamb'.split()
PERSONS = 'pupil student visitor guest tourist dancer player worker nurse volunteer singer scout passenger cyclist runner child/children woman/women man/men teacher musician soldier sailor climber neighbour camper fan hiker engineer'.split()
CONTAINERS = """box bag basket crate jar shelf/shelves drawer tray packet pack bucket carton sack bowl folder case bundle pile row tin chest stack envelope pouch cabinet trolley parcel bin hamper""".split()
DISH = 'soup stew salad jam cake bread curry punch lemonade paint glue concrete porridge pasta'.split()


def plural(word):
    single, _, many = word.replace('_', ' ').partition('/')
    if many:
        return many
    if re.search(r'[^aeiou]y$', single):
        return single[:-1] + 'ies'
    return single + ('es' if re.search(r'(s|x|ch|sh)$', single) else 's')


def single(word):
    return word.replace('_', ' ').partition('/')[0]


def article(word):
    return f'an {word}' if word[0] in 'aeiou' else f'a {word}'
