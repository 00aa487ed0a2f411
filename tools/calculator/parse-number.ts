/** The part of the grammar that reads numbers of several parts: mixed numbers, fractions, `2.5 million`. Counts the nodes. */
import { ToolError } from '../tool.js';
import type { Sign, Token } from './lex.js';
import { scaleOf } from './names.js';
import type { Node } from './node.js';
import { UnitParser } from './parse-unit.js';

const MAXIMUM_NODES = 200;

export class NumberParser extends UnitParser {
  private nodes = 0;

  /** `5`, `½`, `2½`, `2 1/2` (a mixed number), `1/2 cup` (a fraction, not 1 divided by 2 cups), `2.5 million`. */
  protected parseNumber(token: Token & { kind: 'number' | 'fraction' }): Node {
    let node = token.kind === 'fraction' ? this.fraction(token.numerator, token.denominator) : this.number(token.value);
    if (token.kind === 'number' && token.whole) node = this.parseMixed(node) ?? this.parseSlashed(token.value) ?? node;
    const scale = scaleIn(this.next());
    if (scale === undefined) return node;
    this.take();
    return this.node({ kind: 'binary', operator: '*', left: node, right: this.number(scale) });
  }

  /** `½` or `1/2` after a whole number */
  private parseMixed(left: Node): Node | undefined {
    const second = this.next();
    if (second.kind === 'fraction') {
      this.take();
      const right = this.fraction(second.numerator, second.denominator);
      return this.node({ kind: 'binary', operator: '+', left, right });
    }
    if (second.kind !== 'number' || !second.whole || !this.isSign('/', 1)) return undefined;
    const denominator = this.next(2);
    if (denominator.kind !== 'number' || !denominator.whole || BigInt(second.value) >= BigInt(denominator.value))
      throw this.unexpected();
    for (let count = 0; count < 3; count++) this.take();
    const right = this.fraction(second.value, denominator.value);
    return this.node({ kind: 'binary', operator: '+', left, right });
  }

  /** `/2` after a 1 and before a unit or a scale: a fraction, where nothing before it makes that unclear. */
  private parseSlashed(numerator: string): Node | undefined {
    const below = this.next(1);
    if (!this.isSign('/') || below.kind !== 'number' || !below.whole) return undefined;
    const scaled = scaleIn(this.next(2)) !== undefined;
    if (!scaled && !this.startsUnit(2)) return undefined;
    let before = -2;
    while (this.isSign('-', before) || this.isSign('+', before)) before -= 1;
    const signs: Sign[] = ['/', '^', 'mod', '%', '√', '∛', '∜'];
    // Before a scale a fraction is a small one: `5000000/2 million` and `1/100 million` are divisions, or are they?
    const small = BigInt(numerator) < BigInt(below.value) && below.value.length <= 2;
    if (signs.some((sign) => this.isSign(sign, before)) || (scaled && !small))
      throw new ToolError('unclear: put parentheses around the fraction, or around what it is divided by');
    this.take();
    this.take();
    return this.fraction(numerator, below.value);
  }

  private fraction(numerator: string, denominator: string): Node {
    const [left, right] = [this.number(numerator), this.number(denominator)];
    return this.node({ kind: 'binary', operator: '/', left, right });
  }

  protected number(value: string): Node {
    return this.node({ kind: 'number', value });
  }

  protected node(node: Node): Node {
    this.nodes += 1;
    if (this.nodes > MAXIMUM_NODES) throw new ToolError('the expression has too many parts');
    return node;
  }
}

function scaleIn(token: Token): string | undefined {
  return token.kind === 'name' ? scaleOf(token.text) : undefined;
}
