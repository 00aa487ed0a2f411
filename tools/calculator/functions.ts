/** The functions an expression may call, on checked numbers and with bounded work. */
import { ToolError } from '../tool.js';
import { type Decimal, LARGEST_EXPONENT } from './math.js';
import { type Arithmetic, divisionByZero, type Value } from './values.js';

export function callFunction(arithmetic: Arithmetic, name: string, operands: Value[]): Value {
  const first = operands[0]!;
  if (arithmetic.isQuantity(first) && operands.length <= 2 && Object.hasOwn(ROUNDINGS, name)) {
    const places = operands[1] === undefined ? undefined : arithmetic.plain(operands[1]);
    return arithmetic.map(first, (number) => ROUNDINGS[name]!(number, places));
  }
  if (name === 'sum') return operands.reduce((left, right) => arithmetic.add(left, right));
  if (name === 'mean' || name === 'average' || name === 'avg') {
    const count = new arithmetic.math.real(operands.length);
    return arithmetic.divide(
      operands.reduce((left, right) => arithmetic.add(left, right)),
      count,
    );
  }
  if (name === 'pow') return arithmetic.power(first, operands[1]!);
  if (name === 'mod') return arithmetic.modulo(first, operands[1]!);
  if (arithmetic.isQuantity(first) && /^(sin|cos|tan)$/.test(name)) {
    const [angle, unit] = [first, 'rad'];
    return callFunction(arithmetic, name, [inUnit(() => angle.toNumeric(unit) as Decimal)]);
  }
  const numbers = operands.map((operand) => arithmetic.plain(operand, `\`${name}\` takes plain numbers`));
  if (Object.hasOwn(ROUNDINGS, name)) return ROUNDINGS[name]!(numbers[0]!, numbers[1]);
  if (Object.hasOwn(WHOLE, name))
    return arithmetic.check(WHOLE[name]!(numbers.map((number) => new arithmetic.math.exact(number))));
  return arithmetic.check(REAL[name]!(numbers.map((number) => arithmetic.short(number))));
}

function inUnit(work: () => Decimal): Decimal {
  try {
    return work();
  } catch {
    throw new ToolError('an angle is needed here');
  }
}

const LARGEST = 10n ** BigInt(LARGEST_EXPONENT + 1);

/** Half goes away from zero. What is a whole number but for its 50th decimal is that whole number: floor(1/3*3) is 1. */
const ROUNDINGS: Record<string, (number: Decimal, places?: Decimal) => Decimal> = {
  round: (number, places) => settled(number).toDP(decimalPlaces(places), 4),
  floor: (number) => settled(number).floor(),
  ceil: (number) => settled(number).ceil(),
  trunc: (number) => settled(number).trunc(),
  abs: (number) => number.abs(),
};

const REAL: Record<string, (numbers: Decimal[]) => Decimal> = {
  sqrt: ([x]) => root(x!, 2),
  cbrt: ([x]) => x!.cbrt(),
  root: ([x, n]) => root(x!, degree(n!)),
  nthroot: ([x, n]) => root(x!, degree(n!)),
  exp: ([x]) => (x!.abs().lte(2400) ? x!.exp() : fail('the exponent of `exp` is too large')),
  ln: ([x]) => positive(x!).ln(),
  log: ([x, base]) => logarithm(x!, base ?? 10),
  log10: ([x]) => logarithm(x!, 10),
  log2: ([x]) => logarithm(x!, 2),
  sin: ([x]) => (tiny(x!) ? x! : settled(angle(x!).sin())),
  cos: ([x]) => cosine(x!),
  tan: ([x]) => (tiny(x!) ? x! : tangent(angle(x!))),
  asin: ([x]) => arcsine(x!),
  acos: ([x]) => unitInterval(x!).acos(),
  atan: ([x]) => arctangent(x!),
  arcsin: ([x]) => arcsine(x!),
  arccos: ([x]) => unitInterval(x!).acos(),
  arctan: ([x]) => arctangent(x!),
  sinh: ([x]) => (tiny(x!) ? x! : hyperbolic(x!).sinh()),
  cosh: ([x]) => (tiny(x!) ? one(x!) : hyperbolic(x!).cosh()),
  tanh: ([x]) => (tiny(x!) ? x! : hyperbolic(x!).tanh()),
  sign: ([x]) => (x!.cmp(0) === 0 ? x!.times(0) : x!.div(x!.abs())),
  median: (numbers) => {
    const sorted = [...numbers].sort((a, b) => a.cmp(b));
    const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1]!, sorted[Math.floor(sorted.length / 2)]!];
    return low.plus(high).div(2);
  },
};

/** Worked out to the last digit. */
const WHOLE: Record<string, (numbers: Decimal[]) => Decimal> = {
  factorial: ([n]) => factorial(n!),
  fact: ([n]) => factorial(n!),
  combinations: ([n, k]) => combinations(n!, k!),
  choose: ([n, k]) => combinations(n!, k!),
  ncr: ([n, k]) => combinations(n!, k!),
  permutations: ([n, k]) => fallingProduct(n!, k!),
  npr: ([n, k]) => fallingProduct(n!, k!),
  min: (numbers) => numbers.reduce((a, b) => (b.lt(a) ? b : a)),
  max: (numbers) => numbers.reduce((a, b) => (b.gt(a) ? b : a)),
  gcd: (numbers) => numbers.reduce(greatestDivisor, numbers[0]!.times(0)),
  lcm: (numbers) => numbers.reduce((a, b) => (a.isZero() ? a : multiple(a, b))).abs(),
};

export function factorial(n: Decimal): Decimal {
  return fallingProduct(n, n, 'a factorial');
}

/** n (n - 1) … of k factors; by BigInt, which is a hundred times faster than decimals of a thousand digits. */
function fallingProduct(n: Decimal, k: Decimal, what = 'permutations'): Decimal {
  if (!n.isInteger() || n.isNegative() || !k.isInteger() || k.isNegative())
    return fail(`${what} needs whole numbers from 0 up`);
  if (k.gt(n)) return n.times(0);
  if (k.gt(450)) return fail('the result is too large');
  let product = 1n;
  const first = BigInt(n.toFixed());
  for (let step = 0n; step < BigInt(k.toFixed()); step++) {
    product *= first - step;
    if (product > LARGEST) return fail('the result is too large');
  }
  return decimal(n, `${product}`);
}

function combinations(n: Decimal, k: Decimal): Decimal {
  if (k.gt(n)) return fallingProduct(n, k, 'combinations');
  const few = n.minus(k).lt(k) ? n.minus(k) : k;
  return fallingProduct(n, few, 'combinations').divToInt(factorial(few));
}

function greatestDivisor(a: Decimal, b: Decimal): Decimal {
  if (!a.isInteger() || !b.isInteger() || a.e > 64 || b.e > 64)
    return fail('whole numbers of at most 64 digits are needed here');
  let [high, low] = [a.abs(), b.abs()];
  while (!low.isZero()) [high, low] = [low, high.mod(low)];
  return high;
}

function multiple(a: Decimal, b: Decimal): Decimal {
  return b.isZero() ? b : a.div(greatestDivisor(a, b)).times(b);
}

function root(x: Decimal, n: number): Decimal {
  if (x.isZero() && n < 0) throw divisionByZero();
  if (x.isNegative() && n % 2 === 0) return fail('an even root of a negative number is not a real number');
  if (n === 2) return x.sqrt();
  const size = x.isZero() ? x : x.abs().pow(one(x).div(n));
  return x.isNegative() ? size.neg() : size;
}

function degree(n: Decimal): number {
  return n.isInteger() && !n.isZero() && n.abs().lte(1000)
    ? n.toNumber()
    : fail('the degree of a root is a whole number up to 1000');
}

function logarithm(x: Decimal, base: Decimal | number): Decimal {
  const result = positive(x).log(base);
  return Number.isNaN(result.toNumber()) || !result.isFinite()
    ? fail('the base of a logarithm is positive and not 1')
    : result;
}

function positive(x: Decimal): Decimal {
  return x.gt(0) ? x : fail('a logarithm needs a number above 0');
}

/** Larger angles need more digits of π than there are. */
function angle(x: Decimal): Decimal {
  return x.abs().lte(1e12) ? x : fail('the angle is too large');
}

/** decimal.js would work for minutes on these; the function is its first term to all digits shown. */
function tiny(x: Decimal): boolean {
  return x.isZero() || x.e < -40;
}

function cosine(x: Decimal): Decimal {
  return tiny(x) ? one(x) : settled(angle(x).cos());
}

function arcsine(x: Decimal): Decimal {
  return tiny(x) ? x : unitInterval(x).asin();
}

function one(like: Decimal): Decimal {
  return decimal(like, '1');
}

/** A number with the precision of another. */
function decimal(like: Decimal, text: string): Decimal {
  return new (like.constructor as new (text: string) => Decimal)(text);
}

function tangent(x: Decimal): Decimal {
  const adjacent = cosine(x);
  return adjacent.isZero() ? fail('the tangent is not defined there') : settled(x.sin()).div(adjacent);
}

/** Beyond 10^±40 the result is its limit to all digits shown; decimal.js would work for minutes. */
function arctangent(x: Decimal): Decimal {
  if (tiny(x)) return x;
  if (x.e > 40)
    return one(x)
      .asin()
      .times(x.isNegative() ? -1 : 1);
  return x.atan();
}

function unitInterval(x: Decimal): Decimal {
  return x.abs().lte(1) ? x : fail('a number from -1 to 1 is needed here');
}

function hyperbolic(x: Decimal): Decimal {
  return x.abs().lte(1000) ? x : fail('the result is too large');
}

function settled(number: Decimal): Decimal {
  const whole = number.round();
  return number.minus(whole).abs().lt('1e-50') ? whole : number;
}

function decimalPlaces(places: Decimal | undefined): number {
  if (places === undefined) return 0;
  return places.isInteger() && places.gte(0) && places.lte(50)
    ? places.toNumber()
    : fail('round takes 0 to 50 decimal places');
}

function fail(message: string): never {
  throw new ToolError(message);
}
