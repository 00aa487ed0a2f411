/** Functions that are worked out to the last digit. */
import { decimal, fail } from './decimals.js';
import { type Decimal, LARGEST_EXPONENT } from './math.js';

const LARGEST = 10n ** BigInt(LARGEST_EXPONENT + 1);

export const WHOLE: Record<string, (numbers: Decimal[]) => Decimal> = {
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
