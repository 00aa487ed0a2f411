/** Small helps for decimal numbers. */
import { ToolError } from '../tool.js';
import type { Decimal } from './math.js';

/** What is a whole number but for its 50th decimal, as that whole number. */
export function settled(number: Decimal): Decimal {
  const whole = number.round();
  return number.minus(whole).abs().lt('1e-50') ? whole : number;
}

export function one(like: Decimal): Decimal {
  return decimal(like, '1');
}

/** A number with the precision of another. */
export function decimal(like: Decimal, text: string): Decimal {
  return new (like.constructor as new (text: string) => Decimal)(text);
}

export function fail(message: string): never {
  throw new ToolError(message);
}
