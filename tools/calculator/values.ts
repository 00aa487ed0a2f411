/** Arithmetic on values (a number or a quantity with a unit), each step bounded and checked. Knows no syntax. */
import { ToolError } from '../tool.js';
import type { Decimal, MathJs, Unit } from './math.js';
import { MAXIMUM_SLOW } from './names.js';
import { amount, combined, isTemperature, numberOf, spelledOut, unitText } from './quantity.js';

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
      return this.check(dimensions(() => this.join('multiply', left, right)));
    }
    const product = new this.math.exact(left).times(right);
    if (product.isZero() && !left.isZero() && !right.isZero()) throw tooSmall();
    return this.check(product);
  }

  divide(left: Value, right: Value): Value {
    if (this.isQuantity(left) || this.isQuantity(right)) {
      this.refuseTemperature(left, right);
      if (this.isQuantity(right) ? amount(right).isZero() : right.isZero()) throw divisionByZero();
      return this.check(dimensions(() => this.join('divide', left, right)));
    }
    if (right.isZero()) throw divisionByZero();
    const quotient = new this.math.real(left).div(right);
    if (quotient.isZero() && !left.isZero()) throw tooSmall();
    return this.check(quotient);
  }

  private join(work: 'multiply' | 'divide', left: Value, right: Value): Value {
    if (!this.isQuantity(left) || !this.isQuantity(right))
      return this.math[work](this.shorten(left), this.shorten(right));
    const [a, b] = [spelledOut(left), spelledOut(right)];
    const result = this.math[work](a, b);
    return this.isQuantity(result) ? combined(result, a, b) : result;
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
    const digits = BigInt(new this.math.exact(base).times(`1e${places}`).toFixed());
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
