/** The functions an expression may call, on checked numbers and with bounded work. */
import { ToolError } from '../tool.js';
import { fail, settled } from './decimals.js';
import type { Decimal } from './math.js';
import { REAL } from './real-functions.js';
import type { Arithmetic, Value } from './values.js';
import { WHOLE } from './whole-functions.js';

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

/** Half goes away from zero. What is a whole number but for its 50th decimal is that whole number: floor(1/3*3) is 1. */
const ROUNDINGS: Record<string, (number: Decimal, places?: Decimal) => Decimal> = {
  round: (number, places) => settled(number).toDP(decimalPlaces(places), 4),
  floor: (number) => settled(number).floor(),
  ceil: (number) => settled(number).ceil(),
  trunc: (number) => settled(number).trunc(),
  abs: (number) => number.abs(),
};

function decimalPlaces(places: Decimal | undefined): number {
  if (places === undefined) return 0;
  return places.isInteger() && places.gte(0) && places.lte(50)
    ? places.toNumber()
    : fail('round takes 0 to 50 decimal places');
}
