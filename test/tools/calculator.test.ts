import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calculator } from '#dist/tools/index.js';

const tool = calculator();
const calculate = async (expression: string) => tool.run({ expression }, { signal: new AbortController().signal });

describe('the calculator', () => {
  it.each([
    ['24*18-305', '127'],
    ['(2+3)(4+5)', '45'],
    ['2(3+4)', '14'],
    ['3 × 4 ÷ 2 − 1', '5'],
    ['3x4', '12'],
    ['2^10', '1024'],
    ['2**10', '1024'],
    ['2^3^2', '512'],
    ['-2^2', '-4'],
    ['2²+3³', '31'],
    ['10⁻²', '0.01'],
    ['2^-3', '0.125'],
    ['10 divided by 4', '2.5'],
    ['7 plus 3 times 2', '13'],
    ['1/4 of 80', '20'],
    ['2 1/2 + 1/2', '3'],
    ['2+2=', '4'],
    ['2 + 2 = ?', '4'],
    ['2.5 million * 4', '10000000'],
    ['３７＊４８', '1776'],
    ['$1,200 / 12', '100'],
    ['₩3,000 × 2', '6000'],
    ['1e3 + 1.5e-1', '1000.15'],
    ['.5 + .25', '0.75'],
    ['3 x -2', '-6'],
    ['3 x sqrt(4)', '6'],
    ['max(2 x 1,2)', '2'],
    ['three hundred and forty-two + five hundred nineteen', '861'],
    ['Two thousand and six - one thousand nine hundred eighty-eight', '18'],
    ['seven hundred/twenty-five', '28'],
    ['a hundred and two minus thirteen', '89'],
    ['two million three hundred thousand and five', '2300005'],
    ['twelve hundred * two', '2400'],
    ['nine point two five times two', '18.5'],
    ['two point five million', '2500000'],
    ['a dozen + two dozen', '36'],
    ['fifteen percent of eighty', '12'],
    ['max(ninety nine, one hundred)', '100'],
    ['five-three', '2'],
    ['three x four', '12'],
    ['five miles to km', '8.04672 km'],
    ['sqrt(a hundred forty-four)', '12'],
    ['zero', '0'],
  ])('works out %s: %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  it.each([
    ['0.1+0.2', '0.3'],
    ['9007199254740993', '9007199254740993'],
    ['9007199254740993 + 1', '9007199254740994'],
    ['123456789 * 987654321', '121932631112635269'],
    ['1/3', '0.33333333333333333333'],
    ['2/3', '0.66666666666666666667'],
    ['1/3*3', '1'],
    ['1/3*3 - 1', '0'],
    ['sqrt(2)^2 - 2', '0'],
    ['(2^300 + 1) - 2^300', '1'],
    ['2^300 mod 7', '1'],
    ['8^(1/3)', '2'],
    ['10^20', '100000000000000000000'],
    ['10^20+1', '100000000000000000001'],
    ['11111111111*11111111111', '123456790120987654321'],
    [`${'1234567890'.repeat(7).slice(0, 69)}3^2 mod 10`, '9'],
    ['10^21', '1e+21'],
    ['2^100', '1.2676506002282294015e+30'],
    ['1/10000000', '0.0000001'],
    ['1/100000000', '1e-8'],
    ['100.00 + 0.50', '100.5'],
    ['400/1400*100', '28.571428571428571429'],
    ['-0', '0'],
  ])('is exact and short: %s is %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  it.each([
    ['15% of 80', '12'],
    ['17.5% of 240', '42'],
    ['80 + 15%', '92'],
    ['80 - 15%', '68'],
    ['80 * 15%', '12'],
    ['50% + 50%', '1'],
    ['100% - 15%', '0.85'],
    ['80 + (10% + 5%)', '92'],
    ['80 + 10% + 10%', '96.8'],
    ['80 + 15% of 200', '110'],
    ['20% of 50% of 200', '20'],
    ['15 percent of 80', '12'],
    ['80의 15%', '12'],
    ['65/250 as percent', '26%'],
    ['65/250 in percent', '26%'],
    ['13/50 to %', '26%'],
    ['1/4 as a percentage', '25%'],
    ['80 + (15% as percent)', '92'],
    ['10 % 3', '1'],
    ['10 mod 3', '1'],
    ['-7 mod 3', '2'],
    ['mod(-7, 3)', '2'],
    ['10 mod (1+2)', '1'],
    ['5! mod(7)', '1'],
    ['7.5 mod 2', '1.5'],
  ])('reads percentages and remainders: %s is %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  it.each([
    ['1,234,567', '1234567'],
    ['1,000.50 + 2', '1002.5'],
    ['sqrt(1,000,000)', '1000'],
    ['max(100,200)', '200'],
    ['max((1,000), 500)', '1000'],
    ['3만 5천', '35000'],
    ['2억', '200000000'],
    ['1억 2천만', '120000000'],
    ['3만 5천 원 * 2', '70000'],
    ['1.5억', '150000000'],
    ['삼만 오천', '35000'],
    ['3만5000', '35000'],
    ['12조 3,456억', '12345600000000'],
  ])('reads numbers as people write them: %s is %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  it.each([
    ['1/2 million', '500000'],
    ['1/2 dozen', '6'],
    ['2 * 3/4 million', '1500000'],
    ['2 1/2 million', '2500000'],
    ['3 * 1/4 cup', '0.75 cup'],
    ['2 * 1/2 mile', '1 mile'],
    ['10/½', '20'],
    ['2^½', '1.4142135623730950488'],
    ['8^⅓', '2'],
    ['½/½', '1'],
    ['3/¼', '12'],
    ['¾²', '0.5625'],
    ['√¼', '0.5'],
    ['10/2½', '4'],
    ['2 ½ cups to ml', '591.47059125 ml'],
    ['½ million', '500000'],
    ['10 % ⅜', '0.25'],
    ['$5M + $3M', '8000000'],
    ['1.5M / 3', '500000'],
    ['15% of $80K', '12000'],
    ['$3B / 4', '750000000'],
    ['-$2bn * 2', '-4000000000'],
    ['$5 m', '5000000'],
    ['5M 원 / 2', '2500000'],
    ['300 K', '300 K'],
  ])('reads fractions and scales: %s is %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  it.each([
    ['sqrt(144)', '12'],
    ['√144', '12'],
    ['√(9+16)', '5'],
    ['∛27', '3'],
    ['cbrt(-8)', '-2'],
    ['nthRoot(32, 5)', '2'],
    ['log(1000)', '3'],
    ['log(8, 2)', '3'],
    ['log2(8)', '3'],
    ['ln(e)', '1'],
    ['exp(0)', '1'],
    ['sin(30°)', '0.5'],
    ['cos(60 deg)', '0.5'],
    ['sin(pi)', '0'],
    ['tan(pi/4)', '1'],
    ['2pi', '6.2831853071795864769'],
    ['5!', '120'],
    ['20!', '2432902008176640000'],
    ['nCr(49, 6)', '13983816'],
    ['min(3, 1, 2)', '1'],
    ['max(3, 1, 2)', '3'],
    ['mean(1, 2, 3, 4)', '2.5'],
    ['median(5, 1, 3)', '3'],
    ['sum(1, 2, 3)', '6'],
    ['round(3.14159, 2)', '3.14'],
    ['round(2.5)', '3'],
    ['floor(-2.5)', '-3'],
    ['floor(0.9999999999999999)', '0'],
    ['floor(1/3*3)', '1'],
    ['ceil(2.1)', '3'],
    ['abs(-5)', '5'],
    ['gcd(12, 18, 27)', '3'],
    ['lcm(4, 6)', '12'],
    ['SQRT(16)', '4'],
  ])('has functions: %s is %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  it.each([
    ['5 miles to km', '8.04672 km'],
    ['5 feet 3 inches to cm', '160.02 cm'],
    ['5\'3" to cm', '160.02 cm'],
    ['20 celsius to fahrenheit', '68 fahrenheit'],
    ['20 C to F', '68 F'],
    ['-40 °F to °C', '-40 °C'],
    ['2 hours to minutes', '120 minutes'],
    ['1 hour 30 min to hours', '1.5 hours'],
    ['60 mph to km/h', '96.56064 km/h'],
    ['60 miles per hour to km/h', '96.56064 km/h'],
    ['1/2 cup to ml', '118.29411825 ml'],
    ['1 cup to tablespoons', '16 tablespoons'],
    ['3 acres to m2', '12140.5692672 m2'],
    ['100 square feet to m^2', '9.290304 m^2'],
    ['5 in to cm', '12.7 cm'],
    ['5 feet in cm', '152.4 cm'],
    ['5 kg + 300 g', '5.3 kg'],
    ['3 km * 2 km', '6 km^2'],
    ['100 km / 2 hours', '50 km/hours'],
    ['80 km + 15%', '92 km'],
    ['10 miles / 1 mile', '10'],
    ['5 / (2 hours)', '2.5 per hours'],
    ['round(5 miles to km, 1)', '8 km'],
    ['1 knot to km/h', '1.852 km/h'],
    ['16 oz to pounds', '1 pounds'],
    ['1 mb to kb', '1000 kb'],
    ['1 gb to MB', '1000 MB'],
    ['1 MB to Mb', '8 Mb'],
    ['100 degrees Fahrenheit to Celsius', '37.777777777777777778 Celsius'],
    ['25 degrees C to F', '77 F'],
    ['3 tbsp to ml', '44.36029434375 ml'],
    ['3 tsp + 1 tbsp to tsp', '6 tsp'],
    ['10 킬로미터 to 마일', '6.2137119223733396962 마일'],
  ])('converts units: %s is %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  it.each([
    ['60 km/h * 30 min', '30 km'],
    ['60 km/h * 2 hours', '120 km'],
    ['60 mph * 30 min', '30 mile'],
    ['120 miles / 60 mph', '2 hour'],
    ['8 hours/day * 5 days', '40 hours'],
    ['8 hours/day * 3 km', '24 hours*km/day'],
    ['15 l/min * 1 hour', '900 l'],
    ['1.5 m * 80 cm', '1.2 m^2'],
    ['10 m^2 / 50 cm', '20 m'],
    ['5 liters/100 km * 250 km', '12.5 liters'],
    ['3 kW * 2 hours', '6 kW*hours'],
  ])('brings units of one dimension together: %s is %s', async (expression, result) => {
    expect(await calculate(expression)).toBe(result);
  });

  it.each([
    ['', 'the expression is empty'],
    ['1/0', 'division by zero'],
    ['5 mod 0', 'division by zero'],
    ['0^-1', 'division by zero'],
    ['sqrt(-1)', 'an even root of a negative number is not a real number'],
    ['(-8)^(1/3)', 'the result is not a real number'],
    ['ln(0)', 'a logarithm needs a number above 0'],
    ['tan(pi/2)', 'the tangent is not defined there'],
    ['9^9^9', 'the result is too large'],
    ['1e-600 * 1e-600', 'the result is too small'],
    ['1,23', '`1,23` is not a number: a comma stands before every three digits'],
    ['max(1,200, 5)', 'unclear: between the parentheses of a function write numbers without commas'],
    ['6/2(1+2)', 'unclear after a division: write `*` or parentheses'],
    ['1/2pi', 'unclear after a division: write `*` or parentheses'],
    ['6/1/2 cup', 'unclear: put parentheses around the fraction, or around what it is divided by'],
    ['2^-1/2 km', 'unclear: put parentheses around the fraction, or around what it is divided by'],
    ['√1/4 million', 'unclear: put parentheses around the fraction, or around what it is divided by'],
    ['5000000/2 million', 'unclear: put parentheses around the fraction, or around what it is divided by'],
    ['½½', 'a sign is missing before ½'],
    ['2x + 3', '`x` is not known here'],
    ['5x - 3', '`x` is not known here'],
    ['2x minus(3)', '`x` is not known here'],
    ['5 ea', '`ea` is not known here'],
    ['9 th', '`th` is not known here'],
    ['3rd', '`rd` is not known here'],
    ['5 M', '`M` is not known here'],
    ['5 degfoo', '`degfoo` is not known here'],
    ['5 to as', '`as` is not a known unit'],
    ['5 km as percent', 'a plain number is needed here, without a unit'],
    ['5!!', '`!!` is unclear: write `(5!)!`'],
    ['1.2.3', 'a sign is missing before .3'],
    ['12 34', 'a sign is missing before 34'],
    ['3천 4천', '`3천 4천` is not a number'],
    ['twenty thirty', '`twenty thirty` is not one number'],
    ['five and six', '`five and six` is not one number'],
    ['one thousand two million', '`one thousand two million` is not one number'],
    ['onetwo', '`onetwo` is not known'],
    ['a', '`a` is not known'],
    ['hundred', '`hundred` is not known'],
    ['abc', '`abc` is not known'],
    ['5 apples', '`apples` is not known here'],
    ['sqrt 16', '`sqrt` needs parentheses: sqrt(…)'],
    ['sqrt(1; 2)', '`;` is not part of an expression'],
    ['(1+2', 'the expression ends too early'],
    ['1+2)', '`)` is out of place'],
    ['$5 + €3', 'amounts in different currencies cannot be worked out together'],
    ['5 km + 3', 'a plain number and a quantity with a unit cannot be added'],
    ['5 km + 3 kg', 'the units do not fit together'],
    ['5 km to hours', 'this cannot become `hours`'],
    ['5 km to parsnips', '`parsnips` is not a known unit'],
    ['20 C + 5 C', 'temperatures can only be converted'],
    ['20 C^2', 'temperatures can only be converted'],
    ['ln(2)+'.repeat(13).slice(0, -1), 'the expression has too many functions'],
    ['2^.5*'.repeat(13).slice(0, -1), 'the expression has too many powers'],
    ['5 to km', 'a plain number cannot become `km`'],
  ])('refuses %s: %s', async (expression, message) => {
    await expect(calculate(expression)).rejects.toMatchObject({ name: 'ToolError', message });
  });
});

describe('number words', () => {
  const below1000 = (number: number): string => {
    const [hundreds, rest] = [Math.floor(number / 100), number % 100];
    const small = rest < 20 ? SMALL[rest]! : TENS[Math.floor(rest / 10)]! + (rest % 10 ? `-${SMALL[rest % 10]}` : '');
    if (hundreds === 0) return small;
    return `${SMALL[hundreds]} hundred${rest ? ` and ${small}` : ''}`;
  };
  const SMALL =
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
      ' ',
    );
  const TENS = '_ _ twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

  it('reads every number below a trillion', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 999 }))),
        async (groups) => {
          const scales = [' billion', ' million', ' thousand', ''];
          const words = groups.flatMap((group, index) => (group === 0 ? [] : [below1000(group) + scales[index]]));
          const value = groups.reduce((sum, group) => sum * 1000 + group, 0);
          expect(await calculate(words.join(' ') || 'zero')).toBe(String(value));
        },
      ),
    );
  });
});

describe('whole numbers and fractions', () => {
  const tree: fc.Arbitrary<{ text: string; value: bigint }> = fc.letrec<{ tree: { text: string; value: bigint } }>(
    (tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.bigInt({ min: 0n, max: 10n ** 18n }).map((value) => ({ text: `${value}`, value })),
        fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*'), tie('tree')).map(([left, operator, right]) => ({
          text: `(${left.text} ${operator} ${right.text})`,
          value:
            operator === '+'
              ? left.value + right.value
              : operator === '-'
                ? left.value - right.value
                : left.value * right.value,
        })),
      ),
    }),
  ).tree;

  it('agree with BigInt, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(
        tree.filter(({ text }) => text.length < 200),
        async ({ text, value }) => {
          expect(await calculate(`${text} - (${value})`)).toBe('0');
          if (value < 10n ** 21n && value > -(10n ** 21n)) expect(await calculate(text)).toBe(`${value}`);
          const remainder = ((value % 9973n) + 9973n) % 9973n;
          expect(await calculate(`${text} mod 9973`)).toBe(`${remainder}`);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('divide to 20 correct digits', async () => {
    const number = fc.bigInt({ min: 1n, max: 10n ** 9n });
    await fc.assert(
      fc.asyncProperty(number, number, async (top, bottom) => {
        const result = (await calculate(`${top} / ${bottom}`)) as string;
        // |result - top / bottom| is at most half a unit of the 20th digit
        const [digits, exponent = '0'] = result.split('e');
        const [whole, fraction = ''] = digits!.split('.');
        const scale = 10n ** BigInt(fraction.length - Number(exponent));
        const difference = BigInt(whole! + fraction) * bottom - top * scale;
        const size = difference < 0n ? -difference : difference;
        expect(size * 10n ** 19n).toBeLessThanOrEqual(top * scale * 5n);
      }),
      { numRuns: 300 },
    );
  });

  it('read decimals exactly', async () => {
    const decimal = fc.tuple(fc.nat(999_999), fc.nat(9999)).map(([whole, fraction]) => ({
      text: `${whole}.${String(fraction).padStart(4, '0')}`,
      value: BigInt(whole) * 10_000n + BigInt(fraction),
    }));
    await fc.assert(
      fc.asyncProperty(decimal, decimal, async (one, other) => {
        expect(await calculate(`(${one.text} + ${other.text}) * 10000`)).toBe(`${one.value + other.value}`);
        expect(await calculate(`${one.text} * ${other.text} * 100000000`)).toBe(`${one.value * other.value}`);
      }),
      { numRuns: 200 },
    );
  });
});
