/** Expression → result. Knows the meaning of each kind of node, and nothing of signs or of formatting digits. */
import { ToolError } from '../tool.js';
import { format } from './format.js';
import { callFunction } from './functions.js';
import { lex } from './lex.js';
import { LARGEST_EXPONENT, loadMath } from './math.js';
import type { Node } from './node.js';
import { parse } from './parse.js';
import { isTemperature } from './quantity.js';
import { Arithmetic, type Value } from './values.js';
import { factorial } from './whole-functions.js';

const MAXIMUM_CHARACTERS = 300;

/** Works an expression out: `17.5% of 240` → `42`. Throws a `ToolError` for what is unclear or has no real result. */
export async function calculate(expression: string): Promise<string> {
  if (expression.length > MAXIMUM_CHARACTERS)
    throw new ToolError(`the expression is longer than ${MAXIMUM_CHARACTERS} characters`);
  const math = await loadMath();
  const arithmetic = new Arithmetic(math);
  const node = parse(lex(expression), math.isUnitName);
  const value = evaluate(arithmetic, node);
  if (node.kind !== 'conversion') return format(math, value);
  return format(math, node.unit === '%' ? arithmetic.multiply(value, new math.real(100)) : value, node.shown);
}

function evaluate(arithmetic: Arithmetic, node: Node): Value {
  const { math } = arithmetic;
  switch (node.kind) {
    case 'number': {
      if (Math.abs(Number(/[eE](.*)/.exec(node.value)?.[1] ?? 0)) > LARGEST_EXPONENT)
        throw new ToolError('the number is too large or too small');
      return arithmetic.check(new math.real(node.value));
    }
    case 'negative':
      return arithmetic.negate(evaluate(arithmetic, node.operand));
    case 'percent':
      return arithmetic.divide(evaluate(arithmetic, node.operand), new math.real(100));
    case 'factorial':
      return arithmetic.check(factorial(new math.exact(arithmetic.plain(evaluate(arithmetic, node.operand)))));
    case 'call':
      return callFunction(
        arithmetic,
        node.name,
        node.operands.map((operand) => evaluate(arithmetic, operand)),
      );
    case 'quantity': {
      const value = evaluate(arithmetic, node.value);
      if (arithmetic.isQuantity(value)) throw new ToolError(`two units on one number: \`${node.unit}\``);
      const quantity = math.unit(arithmetic.short(value), node.unit);
      if (isTemperature(quantity) && !/^deg[CF]$/.test(node.unit))
        throw new ToolError('temperatures can only be converted');
      return arithmetic.check(quantity);
    }
    case 'conversion':
      return convert(arithmetic, evaluate(arithmetic, node.operand), node.unit);
    case 'binary':
      return evaluateBinary(arithmetic, node);
  }
}

function evaluateBinary(arithmetic: Arithmetic, node: Node & { kind: 'binary' }): Value {
  const left = evaluate(arithmetic, node.left);
  const right = evaluate(arithmetic, node.right);
  switch (node.operator) {
    case '+':
    case '-': {
      // `80 + 15%` is 15 % of 80 more; `50% + 50%` is 1.
      const share = isPercentage(node.right) && !isPercentage(node.left) ? arithmetic.multiply(left, right) : right;
      return arithmetic.add(left, share, node.operator === '+' ? 1 : -1);
    }
    case '*':
      return arithmetic.multiply(left, right);
    case '/':
      return arithmetic.divide(left, right);
    case 'mod':
      return arithmetic.modulo(left, right);
    case '^':
      return arithmetic.power(left, right);
  }
}

function isPercentage(node: Node): boolean {
  if (node.kind === 'percent' || (node.kind === 'conversion' && node.unit === '%')) return true;
  if (node.kind === 'negative') return isPercentage(node.operand);
  const sum = node.kind === 'binary' && (node.operator === '+' || node.operator === '-');
  return sum && isPercentage(node.left) && isPercentage(node.right);
}

function convert(arithmetic: Arithmetic, value: Value, unit: string): Value {
  if (unit === '%') return arithmetic.plain(value); // a percentage is another way to write the number
  if (!arithmetic.isQuantity(value)) throw new ToolError(`a plain number cannot become \`${unit}\``);
  try {
    return arithmetic.check(value.to(unit));
  } catch (error) {
    throw error instanceof ToolError ? error : new ToolError(`this cannot become \`${unit}\``);
  }
}
