/** Arithmetic on values (a number or a quantity with a unit), each step bounded and checked. Knows no syntax. */
import { ToolError } from '../tool.js';
import type { Decimal, MathJs, Unit } from './math.js';
import { MAXIMUM_SLOW } from './names.js';

export type Value = Decimal | Unit;

export class Arithmetic {
  private brokenPowers = 0;

  constructor(readonly math: MathJs) {}

  isQuantity(value: Value): value is Unit {
    return this.math.isUnit(value);
  }

  add(left: Value, right: Value, sign: 1 | -1 = 1): Value {
    if (this.isQuantity(left) !== this.isQuantity(right))
      throw new ToolError('a plain number and a quantity with a unit cannot be added');
    if (this.isQuantity(left) && this.isQuantity(right)) {
      if (isTemperature(left) || isTemperature(right)) throw new ToolError('temperatures can only be converted');
      const [a, b] = [left, right];
      return dimensions(() => (sign === 1 ? this.math.add(a, b) : this.math.subtract(a, b)));
    }
    const [a, b] = [left as Decimal, right as Decimal];
    return settle(new this.math.exact(a)[sign === 1 ? 'plus' : 'minus'](b), a, b);
  }

  multiply(left: Value, right: Value): Value {
    if (this.isQuantity(left) || this.isQuantity(right)) {
      this.refuseTemperature(left, right);
      return this.check(dimensions(() => this.math.multiply(this.shorten(left), this.shorten(right))));
    }
    const product = new this.math.exact(left).times(right);
    if (product.isZero() && !left.isZero() && !right.isZero()) throw tooSmall();
    return this.check(product);
  }

  divide(left: Value, right: Value): Value {
    if (this.isQuantity(left) || this.isQuantity(right)) {
      this.refuseTemperature(left, right);
      if (this.isQuantity(right) ? amount(right).isZero() : right.isZero()) throw divisionByZero();
      return this.check(dimensions(() => this.math.divide(this.shorten(left), this.shorten(right))));
    }
    if (right.isZero()) throw divisionByZero();
    const quotient = new this.math.real(left).div(right);
    if (quotient.isZero() && !left.isZero()) throw tooSmall();
    return this.check(quotient);
  }

  /** The remainder has the sign of the divisor: -7 mod 3 is 2. */
  modulo(left: Value, right: Value): Decimal {
    const [a, b] = [new this.math.exact(this.plain(left)), this.plain(right)];
    if (b.isZero()) throw divisionByZero();
    const rest = a.mod(b);
    return this.check(rest.isZero() || rest.isNegative() === b.isNegative() ? rest : rest.plus(b)) as Decimal;
  }

  power(base: Value, exponent: Value): Value {
    const power = this.plain(exponent, 'an exponent is a plain number');
    if (this.isQuantity(base)) {
      this.refuseTemperature(base);
      if (!power.isInteger() || power.lt(1) || power.gt(9)) throw new ToolError('a unit takes the powers 1 to 9');
      let result: Value = base;
      for (let count = 1; count < power.toNumber(); count++) result = this.multiply(result, base);
      return result;
    }
    if (base.isZero() && power.isNegative()) throw divisionByZero();
    const result = this.wholePower(base, power) ?? this.brokenPower(base, power);
    if (result.isZero() && !base.isZero()) throw tooSmall();
    return this.check(result);
  }

  /** To the last digit, by BigInt, where the result is not too long for that. */
  private wholePower(base: Decimal, exponent: Decimal): Decimal | undefined {
    if (!exponent.isInteger() || exponent.isNegative() || exponent.gt(LONGEST)) return undefined;
    const places = Math.max(base.dp(), 0);
    const digits = BigInt(base.times(new this.math.real(`1e${places}`)).toFixed());
    const power = exponent.toNumber();
    if (`${digits}`.length * power > LONGEST) return undefined;
    return new this.math.exact(`${digits ** BigInt(power)}e-${places * power}`);
  }

  private brokenPower(base: Decimal, exponent: Decimal): Decimal {
    this.brokenPowers += 1;
    if (this.brokenPowers > MAXIMUM_SLOW) throw new ToolError('the expression has too many powers');
    return new this.math.real(this.short(base)).pow(this.short(exponent));
  }

  negate(value: Value): Value {
    if (!this.isQuantity(value)) return value.neg();
    return isTemperature(value)
      ? this.map(value, (number) => number.neg())
      : this.multiply(value, new this.math.real(-1));
  }

  /** The quantity with its number, in the unit it is shown in, changed. */
  map(quantity: Unit, change: (number: Decimal) => Decimal): Unit {
    const unit = unitText(quantity);
    return this.math.unit(change(numberOf(quantity)), unit);
  }

  plain(value: Value, expected = 'a plain number is needed here, without a unit'): Decimal {
    if (this.isQuantity(value)) throw new ToolError(expected);
    return value;
  }

  /** At most 64 digits: what roots, logarithms and units work with. */
  short(value: Decimal): Decimal {
    return new this.math.real(value.sd() > 64 ? value.toSD(64) : value);
  }

  private shorten(value: Value): Value {
    return this.isQuantity(value) ? value : this.short(value);
  }

  /** Refuses what is no real number of a size that can be worked with. */
  check<Checked extends Value>(value: Checked): Checked {
    const number: Decimal = this.isQuantity(value) ? amount(value) : (value as Decimal);
    if (number === null || number === undefined || number.isNaN())
      throw new ToolError('the result is not a real number');
    if (!number.isFinite()) throw new ToolError('the result is too large');
    return value;
  }

  private refuseTemperature(...values: Value[]): void {
    if (values.some((value) => this.isQuantity(value) && isTemperature(value)))
      throw new ToolError('temperatures can only be converted');
  }
}

/** A mathjs unit as text: `km/hour`, `m^2`, `1/hour`; the same units come together, and nothing is left of `km/km`. */
export function unitText(quantity: Unit): string {
  const powers = new Map<string, number>();
  for (const { unit, prefix, power } of parts(quantity)) {
    const name = prefix.name + unit.name;
    powers.set(name, (powers.get(name) ?? 0) + power);
  }
  const text = (sign: 1 | -1) =>
    [...powers].flatMap(([name, power]) => {
      if (power * sign <= 0) return [];
      return [Math.abs(power) === 1 ? name : `${name}^${Math.abs(power)}`];
    });
  const [above, below] = [text(1), text(-1)];
  return above.length + below.length === 0 ? '' : [above.join('*') || '1', ...below].join('/');
}

/** The number of a quantity in the unit of its text. */
export function numberOf(quantity: Unit): Decimal {
  const unit = unitText(quantity);
  if (unit === '') return amount(quantity);
  // mathjs reads `hour^-1`, not `1/hour`.
  const readable = unit.replace(/^1\/([^/^]+)(?:\^(\d+))?/, (_, name, power = '1') => `${name}^-${power}`);
  return quantity.toNumeric(readable) as Decimal;
}

function parts(quantity: Unit): { unit: { name: string }; prefix: { name: string }; power: number }[] {
  return (quantity as unknown as { units: ReturnType<typeof parts> }).units;
}

/** In the base units. */
function amount(quantity: Unit): Decimal {
  return (quantity as unknown as { value: Decimal }).value;
}

export function isTemperature(quantity: Unit): boolean {
  return parts(quantity).some(({ unit }) => /^(degC|degF|celsius|fahrenheit)$/.test(unit.name));
}

/** A sum that cancels to the rounding error of 64-digit numbers is zero: `1/3*3 - 1`, `sqrt(2)^2 - 2`. */
function settle(sum: Decimal, left: Decimal, right: Decimal): Decimal {
  if (!sum.isFinite()) throw new ToolError('the result is too large');
  if (sum.isZero() || sum.isInteger()) return sum;
  const lost = Math.max(left.e, right.e) - sum.e;
  return lost > 55 && sum.e < -40 ? sum.times(0) : sum;
}

function dimensions<Result>(work: () => Result): Result {
  try {
    return work();
  } catch {
    throw new ToolError('the units do not fit together');
  }
}

/** Digits of a power that is worked out exactly. */
const LONGEST = 1000;

export const divisionByZero = () => new ToolError('division by zero');
const tooSmall = () => new ToolError('the result is too small');
