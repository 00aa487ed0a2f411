/** Value → text short enough to read: 20 digits at most (21 before the point), no trailing zeros, no thousands separators. */
import type { Decimal, MathJs } from './math.js';
import { numberOf, unitText } from './quantity.js';
import type { Value } from './values.js';

const DIGITS = 20;
/** From here up there is an exponent, which says that the digits are not all. */
const LONGEST = 21;

/** `shownUnit` names the unit as the expression did; a plain number has none but `%`. */
export function format(math: MathJs, value: Value, shownUnit?: string): string {
  if (!math.isUnit(value)) return formatNumber(value) + (shownUnit ?? '');
  const unit = unitText(value);
  if (unit === '') return formatNumber(numberOf(value));
  const shown = shownUnit ?? unit.replace('degC', '°C').replace('degF', '°F');
  return `${formatNumber(numberOf(value))} ${shown.replace(/^1\//, 'per ')}`;
}

/** `0.3`, `33333333333333333333`; with an exponent (`1.5e+30`, `2e-9`) only from 1e21 up and below 1e-7. */
export function formatNumber(number: Decimal): string {
  if (number.isZero()) return '0';
  const short = number.toSD(number.e + 1 === LONGEST ? LONGEST : DIGITS);
  return short.e >= LONGEST || short.e < -7 ? short.toExponential() : short.toFixed();
}
