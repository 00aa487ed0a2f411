/** Nothing that is typed may hang the calculator, fill the memory, end the process or change a later result. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { calculator, ToolError } from '#dist/tools/index.js';

const tool = calculator();
const calculate = async (expression: string) => tool.run({ expression }, { signal: new AbortController().signal });
const outcome = (expression: string) => calculate(expression).then(String, (error: unknown) => error);

/** Processor time, so that a busy machine does not fail the test. */
function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

const fill = (part: string, length = 300) => part.repeat(Math.floor(length / part.length));
const nest = (open: string, inside: string, close: string, depth: number) =>
  open.repeat(depth) + inside + close.repeat(depth);

const HOSTILE: string[] = [
  // reaching into mathjs or JavaScript
  'config({number: "number"})',
  'config({precision: 1})',
  'import({a: 1})',
  'createUnit("foo")',
  'createUnit("km", "1 m")',
  'evaluate("1+1")',
  'parse("1")',
  'simplify("1")',
  'derivative("x^2", "x")',
  'parser()',
  'chain(1)',
  'typed()',
  'help(sqrt)',
  'cos.constructor("return process")()',
  'sqrt.constructor',
  'constructor',
  'constructor(1)',
  '__proto__',
  '__proto__(1)',
  'toString()',
  'hasOwnProperty(1)',
  'valueOf',
  '[].map.constructor("return 1")()',
  'f(x) = x',
  'x = 1',
  'pi = 3',
  'e = 1; e',
  'a.b.c',
  'process.exit(1)',
  'require("fs")',
  'import("fs")',
  'globalThis',
  'this',
  'new Date()',
  '`1`',
  "'a'.repeat(1e9)",
  '"a" * 1e9',
  '1 to __proto__',
  '1 constructor',
  '5 toString',
  '5 km to constructor',
  '1 __proto__',
  '5 hasOwnProperty to km',
  'sqrt(constructor)',
  '{a: 1}',
  '{}.a',
  '/x/',
  'while(1)',
  'function(){}',
  '() => 1',
  '1; 2',
  '1\n2',
  '#',
  '\\',
  '\0',
  '\u202e1+1',
  '😀',
  '😀'.repeat(150),
  '\ud800',
  // sizes
  'zeros(1e9)',
  'ones(1e9, 1e9)',
  'range(0, 1e9)',
  '1:1e9',
  '[1e9]',
  'identity(1e6)',
  'matrix(1)',
  'random(1e9)',
  'randomInt(1,1e9)',
  '10^10^10',
  '9^9^9^9',
  '9^99999999',
  '2^2^2^2^2^2',
  '9999999999^9999999999',
  '1e999',
  '1e-999',
  '1e999999999',
  '1e-999999999',
  '9e999 * 9e999',
  '10^1000',
  '10^-1000',
  '10^-10^10',
  '0.1^10^10',
  '1.0000001^1e15',
  '0.9999999^1e15',
  '1.5^2357.5',
  '(1/3)^2000',
  '(1/3)^-2000',
  'exp(1e9)',
  'exp(-1e9)',
  'exp(2400)',
  'e^e^e^e^e',
  'pow(10, 1e9)',
  'pow(1.1, pow(10, 100))',
  'sinh(1e9)',
  'cosh(-1e9)',
  'tanh(1e9)',
  fill('9'),
  `0.${fill('9', 290)}`,
  `${fill('9', 140)}*${fill('9', 140)}`,
  `${fill('9', 140)}/${fill('7', 140)}`,
  `sqrt(${fill('9', 280)})`,
  `sin(${fill('1', 280)})`,
  `ln(${fill('9', 280)})`,
  fill('9^999*'),
  `${fill('9^999*', 290)}9`,
  `${fill('9^400+', 290)}9`,
  fill('99999*'),
  `${fill('7^1000/7^999+', 290)}1`,
  // factorials and their kin
  '3!!!!',
  '3!!',
  '((3!)!)!',
  '(((3!)!)!)!',
  '1000000000!',
  '170!',
  '450!',
  '451!',
  '1e15!',
  '(-1)!',
  '0.5!',
  `${fill('449!+', 290)}1`,
  `${fill('449!*', 290)}1`,
  'factorial(factorial(6))',
  'nCr(1e15, 5e14)',
  'nCr(900, 450)',
  'nCr(1e100, 400)',
  'nPr(1e15, 1e15)',
  'nPr(1e3, 450)',
  'nCr(-1, 2)',
  'gamma(1e9)',
  'combinations(1e308, 2)',
  // angles, logarithms, roots
  'tan(10^10^9)',
  'sin(1e300)',
  'cos(1e12)',
  'sin(10^999)',
  'tan(pi/2)',
  'tan(1e11 * pi / 2)',
  `${fill('sin(1)^', 290)}1`,
  fill('sin(', 200),
  `${nest('sin(', '1', ')', 39)}`,
  nest('sin(', '1', ')', 50),
  nest('tan(', '1', ')', 35),
  nest('exp(', '1', ')', 30),
  nest('sqrt(', '2', ')', 39),
  nest('ln(', '9e999', ')', 10),
  'log(0)',
  'log(-1)',
  'log(2, 1)',
  'log(2, 0)',
  'log(9e999, 1.0000000001)',
  'ln(1.00000000000000000000000000001)',
  'nthRoot(2, 1e9)',
  'root(2, 1000)',
  'root(2, 0)',
  'root(0, -1)',
  'cbrt(9e999)',
  'acos(2)',
  'asin(-9e999)',
  'atan(9e999)',
  `${fill('ln(7)+', 290)}1`,
  `${fill('2^.7*', 290)}1`,
  `${fill('sin(7)*', 290)}1`,
  `${fill('exp(9)*', 290)}1`,
  `${fill('9^.12345+', 290)}1`,
  // nesting, signs, percent
  nest('(', '1', ')', 149),
  nest('(', '1', ')', 39),
  nest('((', '1', '))', 60),
  fill('('),
  fill(')'),
  fill('-'),
  `${fill('-', 299)}1`,
  `${fill('+-', 298)}1`,
  fill('√'),
  `${fill('√', 39)}2`,
  `${fill('√', 200)}2`,
  fill('1+1%'),
  `${fill('1%+', 297)}1%`,
  `1${fill('+1%', 297)}`,
  `1${fill('%', 200)}`,
  `5${fill('!', 200)}`,
  fill('2^'),
  `${fill('2^', 100)}1`,
  `2${fill('^-', 80)}1`,
  fill('1/'),
  fill('1 of '),
  fill('5 mod '),
  `${fill('7 mod ', 290)}0`,
  fill('1,'),
  fill('1,1'),
  fill('1,000,'),
  `1${fill(',000', 296)}`,
  fill('='),
  fill(' ='),
  `1${fill(' = ?', 296)}`,
  fill(' '),
  fill('?'),
  fill('.'),
  `2${fill('²', 100)}`,
  fill('⁻'),
  '2⁻⁻²',
  fill('1 '),
  fill('e'),
  fill('pi'),
  `${fill('(1)', 297)}`,
  'max()',
  'min(,)',
  `max(${fill('1,', 280)}1)`,
  `gcd(${fill('7', 60)},${fill('9', 60)})`,
  'gcd(0.5, 2)',
  'gcd(1e999, 3)',
  `lcm(${fill('9e60,', 280)}7)`,
  `lcm(${fill('9973,9967,', 280)}7)`,
  'round(1, 1e9)',
  'round(1.5, -1)',
  'round(1, 0.5)',
  'mod(1e999, 7)',
  'mod(5, 1e-999)',
  '7 mod 0.0000000000001',
  '9e999 mod 9e-999',
  // units and numerals
  '1 km^9',
  '(9 km)^9',
  '((9 km)^9)^9',
  '(((((9 km)^9)^9)^9)^9)^9',
  '9e999 km * 9e999 km',
  '1 km^999999999',
  '1 km^-1',
  '2^(3 km)',
  '(1 km)^0.5',
  `${fill('1km*', 290)}1km`,
  `1 ${fill('km/', 290)}km`,
  `1 ${fill('km*', 290)}km`,
  `${fill('1 km ', 300)}`,
  `${fill('5ft 3in ', 290)}`,
  '1 km to km to km to km',
  '20 C * 20 C',
  '20 C ^ 2',
  '-20 C to F',
  '1 C / 0',
  '5 km / 0 km',
  '5 km mod 3 km',
  'sqrt(4 km)',
  'sin(5 km)',
  '1 square square feet',
  '1 km^2^2',
  '1 Ym to ym',
  '1 yottameter to yoctometer',
  '1 planck',
  `${fill('1m*1cm*', 290)}1km`,
  `${fill('9km/9h*9min*', 290)}1`,
  `${fill('1mph*1knot/', 290)}1min`,
  '(9e999 km/h)^9 * 9e999 min',
  '9e999 km/h * 9e999 min',
  '1e-999 m * 1e-999 cm',
  fill('½'),
  `${fill('½/', 290)}½`,
  fill('1½^'),
  `${fill('√½', 60)}`,
  fill('1/2 million*'),
  `${fill('9', 140)}/${fill('9', 140)} million`,
  '9e999 as percent',
  '9e999*9 as percent',
  fill('1 as % '),
  fill('$9T*'),
  `$${fill(' ', 290)}9T`,
  fill('3 x -'),
  fill('2x'),
  `9 ${fill('x ', 290)}9`,
  fill('만'),
  fill('1만'),
  fill('억조경'),
  `${fill('9', 200)}만`,
  '99999999999경',
  '1.5.5억',
  '9,99만',
  fill('일'),
  fill('천백십'),
  '만억',
  '영만',
];

const CHECKS: [string, string][] = [
  ['1/3', '0.33333333333333333333'],
  ['2+2', '4'],
  ['sqrt(2)', '1.4142135623730950488'],
  ['5 miles to km', '8.04672 km'],
  ['5!', '120'],
];

describe('hostile expressions', () => {
  beforeAll(() => tool.prepare!());

  it('are many', () => {
    expect(new Set(HOSTILE).size).toBeGreaterThan(250);
  });

  it.each(
    HOSTILE.map((expression) => [expression.length > 60 ? `${expression.slice(0, 57)}…` : expression, expression]),
  )('does no harm: %s', async (_, expression) => {
    let shortest = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 3 && shortest >= 100; attempt++) {
      const [memory, began] = [process.memoryUsage().rss, process.cpuUsage()];
      const result = await outcome(expression);
      shortest = Math.min(shortest, processorMs(began));
      expect(process.memoryUsage().rss - memory).toBeLessThan(50 * 2 ** 20);
      if (typeof result === 'string') {
        expect(result.length).toBeLessThan(200);
        expect(result).not.toMatch(/NaN|Infinity|undefined|object|function/);
      } else {
        expect(result).toBeInstanceOf(ToolError);
        expect((result as Error).message).toMatch(/^[^\r\n]{1,400}$/u);
        expect((result as Error).message).not.toMatch(/NaN|Infinity|undefined|object|is not a function/);
      }
    }
    expect(shortest).toBeLessThan(100);
    for (const [sane, expected] of CHECKS) expect(await calculate(sane)).toBe(expected);
  });

  it('are refused beyond 300 characters', async () => {
    await expect(calculate('1'.repeat(301))).rejects.toThrow('the expression is longer than 300 characters');
    await expect(calculate('1'.repeat(10_000_000))).rejects.toThrow('the expression is longer than 300 characters');
  });

  it('do no harm where chance puts the parts together', async () => {
    const parts =
      '0 1 2 7 9 10 1e9 999 0.5 .1 1,000 3만 2억 + - * / ^ ** % ! ( ) ( ) , mod of sqrt( sin( tan( ln( exp( nCr( max( round( gcd( factorial( √ ² ⁻¹ ° pi e km miles hours C to in per x $ 원 ½ M as percent mph million = ?'.split(
        ' ',
      );
    const list = fc.array(fc.constantFrom(...parts), { maxLength: 40 });
    const text = fc.oneof(
      list.map((some) => some.join('')),
      list.map((some) => some.join(' ')),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    let longest = 0;
    await fc.assert(
      fc.asyncProperty(text, async (expression) => {
        let shortest = Number.POSITIVE_INFINITY;
        for (let attempt = 0; attempt < 3 && shortest >= 100; attempt++) {
          const began = process.cpuUsage();
          const result = await outcome(expression);
          shortest = Math.min(shortest, processorMs(began));
          if (typeof result === 'string') expect(result).not.toMatch(/NaN|Infinity|undefined|object/);
          else expect(result).toBeInstanceOf(ToolError);
        }
        longest = Math.max(longest, shortest);
      }),
      { numRuns: 5000 },
    );
    expect(longest).toBeLessThan(100);
    for (const [sane, expected] of CHECKS) expect(await calculate(sane)).toBe(expected);
  });
});
