/** Tokens → tree, by precedence climbing. What the grammar lacks cannot be evaluated; what can be read two ways is refused. */
import { ToolError } from '../tool.js';
import type { Sign, Token } from './lex.js';
import { CONSTANTS, FUNCTIONS, MAXIMUM_SLOW, SLOW_FUNCTIONS } from './names.js';
import type { Node } from './node.js';
import { NumberParser } from './parse-number.js';

const MAXIMUM_DEPTH = 40;

export function parse(tokens: Token[], unitExists: (name: string) => boolean): Node {
  return new Parser(tokens, unitExists).parse();
}

class Parser extends NumberParser {
  private depth = 0;
  private slow = 0;

  parse(): Node {
    if (this.next().kind === 'end') throw new ToolError('the expression is empty');
    const node = this.parseConversion();
    if (this.next().kind !== 'end') throw this.unexpected();
    return node;
  }

  /** sum [`to` unit], sum [`as` `%`] */
  private parseConversion(): Node {
    this.depth += 1;
    if (this.depth > MAXIMUM_DEPTH) throw new ToolError('the expression is nested too deeply');
    let node = this.parseSum();
    while (this.isSign('to') || this.isName('in', 'as')) {
      this.take();
      node = this.node({ kind: 'conversion', operand: node, ...(this.takePercentage() ?? this.expectUnit()) });
    }
    this.depth -= 1;
    return node;
  }

  /** `%`, `percent`, `a percentage` */
  private takePercentage(): { unit: string; shown: string } | undefined {
    if (this.isName('a') && this.isSign('%', 1)) this.take();
    return this.takeSign('%') === undefined ? undefined : { unit: '%', shown: '%' };
  }

  private parseSum(): Node {
    let node = this.parseProduct();
    for (;;) {
      const operator = this.takeSign('+', '-');
      if (operator === undefined) return node;
      node = this.node({ kind: 'binary', operator, left: node, right: this.parseProduct() });
    }
  }

  private parseProduct(): Node {
    let node = this.parseUnary(false);
    for (;;) {
      const sign = this.takeSign('*', '/', 'of', 'mod', '%');
      if (sign === undefined) return node;
      const operator = sign === 'of' ? '*' : sign === '%' ? 'mod' : sign;
      node = this.node({ kind: 'binary', operator, left: node, right: this.parseUnary(operator !== '*') });
    }
  }

  /** `divisor`: a product without a sign, as in `6/2(1+2)`, could be read two ways here. */
  private parseUnary(divisor: boolean): Node {
    let negative = false;
    for (let sign = this.takeSign('+', '-'); sign !== undefined; sign = this.takeSign('+', '-'))
      negative = negative !== (sign === '-');
    let node = this.parsePower();
    while (this.startsFactor()) {
      if (divisor) throw new ToolError('unclear after a division: write `*` or parentheses');
      node = this.node({ kind: 'binary', operator: '*', left: node, right: this.parsePower() });
    }
    return negative ? this.node({ kind: 'negative', operand: node }) : node;
  }

  private parsePower(): Node {
    const base = this.parsePostfix();
    const token = this.next();
    if (token.kind === 'power') {
      this.take();
      const exponent = this.node({ kind: 'number', value: token.digits });
      return this.raise(base, exponent);
    }
    if (this.takeSign('^') === undefined) return base;
    this.depth += 1; // `2^2^2^…` and `2^--…` go down here
    if (this.depth > MAXIMUM_DEPTH) throw new ToolError('the expression is nested too deeply');
    const negative = this.takeSign('-') !== undefined;
    const exponent = this.parsePower();
    this.depth -= 1;
    return this.raise(base, negative ? this.node({ kind: 'negative', operand: exponent }) : exponent);
  }

  private raise(left: Node, right: Node): Node {
    if (left.kind === 'percent') throw new ToolError('unclear: a power of a percentage needs parentheses');
    const power = this.node({ kind: 'binary', operator: '^', left, right });
    return this.parseUnits(power, false);
  }

  private parsePostfix(): Node {
    let node = this.parsePrimary();
    for (;;) {
      if (this.isSign('!')) {
        this.take();
        if (this.isSign('!')) throw new ToolError('`!!` is unclear: write `(5!)!`');
        node = this.node({ kind: 'factorial', operand: node });
      } else if (this.isSign('%') && !this.startsOperand(1)) {
        this.take();
        node = this.node({ kind: 'percent', operand: node });
      } else return node;
    }
  }

  private parsePrimary(): Node {
    const token = this.take();
    if (token.kind === 'number' || token.kind === 'fraction') return this.parseUnits(this.parseNumber(token), true);
    if (token.kind === 'sign' && token.text === '(') {
      const node = this.parseConversion();
      this.expectSign(')');
      return this.parseUnits(node, false);
    }
    if (token.kind === 'sign' && (token.text === '√' || token.text === '∛' || token.text === '∜')) {
      this.depth += 1;
      if (this.depth > MAXIMUM_DEPTH) throw new ToolError('the expression is nested too deeply');
      const operand = this.parsePrimary();
      this.depth -= 1;
      if (token.text === '∜') return this.node({ kind: 'call', name: 'root', operands: [operand, this.number('4')] });
      return this.node({ kind: 'call', name: token.text === '√' ? 'sqrt' : 'cbrt', operands: [operand] });
    }
    if (token.kind === 'name') return this.parseName(token.text);
    throw this.unexpected(token);
  }

  private parseName(text: string): Node {
    const name = text.toLowerCase();
    if (Object.hasOwn(FUNCTIONS, name)) return this.parseCall(name);
    if (Object.hasOwn(CONSTANTS, name)) return this.parseUnits(this.number(CONSTANTS[name]!), false);
    throw new ToolError(`\`${text}\` is not known`);
  }

  private parseCall(name: string): Node {
    if (!this.isSign('(')) throw new ToolError(`\`${name}\` needs parentheses: ${name}(…)`);
    this.take();
    const operands: Node[] = [];
    if (!this.isSign(')')) {
      do operands.push(this.parseConversion());
      while (this.takeSign(',') !== undefined);
    }
    this.expectSign(')');
    if (SLOW_FUNCTIONS.has(name)) this.slow += 1;
    if (this.slow > MAXIMUM_SLOW) throw new ToolError('the expression has too many functions');
    const [fewest, most] = FUNCTIONS[name]!;
    if (operands.length < fewest || operands.length > most)
      throw new ToolError(
        `\`${name}\` takes ${fewest === most ? fewest : `${fewest} to ${most}`} numbers, got ${operands.length}`,
      );
    return this.parseUnits(this.node({ kind: 'call', name, operands }), false);
  }

  /** A unit after a value; with `compound` also `5 feet 3 inches` and `1 hour 30 min`, which are sums. */
  private parseUnits(value: Node, compound: boolean): Node {
    const unit = this.takeUnit();
    if (unit === undefined) return value;
    const node = this.node({ kind: 'quantity', value, unit });
    if (!compound || this.next().kind !== 'number' || !this.startsUnit(1)) return node;
    const token = this.take() as { value: string };
    const right = this.parseUnits(this.number(token.value), true);
    return this.node({ kind: 'binary', operator: '+', left: node, right });
  }

  /** What may stand after a value without a sign between: a parenthesis, a root, a function, a constant. Never a number. */
  private startsFactor(): boolean {
    const token = this.next();
    if (token.kind === 'name') return this.isFunctionOrConstant(token.text);
    return this.isSign('(') || this.isSign('√') || this.isSign('∛') || this.isSign('∜');
  }

  private startsOperand(offset: number): boolean {
    const token = this.next(offset);
    if (token.kind === 'name') return this.isFunctionOrConstant(token.text);
    return (
      /^(number|fraction)$/.test(token.kind) ||
      (['(', '√', '∛', '∜'] as Sign[]).some((sign) => this.isSign(sign, offset))
    );
  }
}
