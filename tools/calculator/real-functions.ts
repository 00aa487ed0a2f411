/** Functions of real numbers, refused where decimal.js would work without end. */
import { fail, one, settled } from './decimals.js';
import type { Decimal } from './math.js';
import { divisionByZero } from './values.js';

export const REAL: Record<string, (numbers: Decimal[]) => Decimal> = {
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
