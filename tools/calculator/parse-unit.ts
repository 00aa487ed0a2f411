/** The part of the grammar that reads units: `km/h`, `square feet`, `miles per hour`, `m^2`. */
import { Reader } from '../reader.js';
import { ToolError } from '../tool.js';
import type { Sign, Token } from './lex.js';
import { CONSTANTS, FUNCTIONS, scaleOf } from './names.js';
import { UNIT_PREFIXES, unitName } from './units.js';

export class UnitParser extends Reader<Token> {
  constructor(
    tokens: readonly Token[],
    private readonly unitExists: (name: string) => boolean,
  ) {
    super(tokens, { kind: 'end' });
  }

  /** The unit at this place in mathjs' spelling (`km/hour`), or undefined where there is none. */
  protected takeUnit(): string | undefined {
    if (!this.startsUnit(0)) return undefined;
    let unit = this.takeFactor();
    for (;;) {
      const per = this.isSign('/') || this.isName('per');
      if (!(per || this.isSign('*')) || !this.startsUnit(1)) return unit;
      this.take();
      unit += `${per ? '/' : '*'}${this.takeFactor()}`;
    }
  }

  /** Also as it was written, which is how the result shows it. */
  protected expectUnit(): { unit: string; shown: string } {
    const [token, start] = [this.next(), this.position];
    const unit = this.takeUnit();
    if (unit !== undefined) return { unit, shown: asWritten(this.pieces.slice(start, this.position)) };
    throw token.kind === 'name' ? new ToolError(`\`${token.text}\` is not a known unit`) : this.unexpected(token);
  }

  protected startsUnit(offset: number): boolean {
    const token = this.next(offset);
    if (token.kind !== 'name') return false;
    const name = token.text.toLowerCase();
    if (Object.hasOwn(UNIT_PREFIXES, name)) return true;
    if (scaleOf(name) !== undefined || this.isFunctionOrConstant(token.text, offset)) return false;
    const last = this.next(offset - 1);
    // After a unit or a parenthesis `in` converts: `5 feet in cm`; so it does before a percent sign.
    if (name === 'in' && this.isSign('%', offset + 1)) return false;
    if (
      name === 'in' &&
      last.kind !== 'number' &&
      last.kind !== 'fraction' &&
      !(last.kind === 'sign' && last.text === 'to')
    )
      return false;
    return unitName(token.text, this.unitExists) !== undefined;
  }

  /** `min(…)` is a function, `5 min` is not; a bare function name that is a unit too (`min`) is the unit. */
  protected isFunctionOrConstant(text: string, offset = 0): boolean {
    const name = text.toLowerCase();
    if (Object.hasOwn(CONSTANTS, name)) return true;
    return Object.hasOwn(FUNCTIONS, name) && this.isSign('(', offset + 1);
  }

  private takeFactor(): string {
    const first = (this.take() as { text: string }).text;
    const change = Object.hasOwn(UNIT_PREFIXES, first.toLowerCase()) ? UNIT_PREFIXES[first.toLowerCase()] : undefined;
    const token = change ? this.take() : { kind: 'name', text: first };
    const name = token.kind === 'name' ? unitName((token as { text: string }).text, this.unitExists) : undefined;
    const unit = name !== undefined && change ? change(name) : name;
    if (unit === undefined) throw new ToolError(`\`${first}\` is not a known unit`);
    const power = this.takePower();
    if (power !== undefined && unit.includes('^')) throw new ToolError(`the power of the unit \`${first}\` is unclear`);
    return power === undefined ? unit : `${unit}^${power}`;
  }

  private takePower(): string | undefined {
    const [caret, digits] = [this.next(), this.next(1)];
    if (caret.kind === 'power' && /^[1-9]$/.test(caret.digits)) {
      this.take();
      return caret.digits;
    }
    if (!this.isSign('^') || digits.kind !== 'number' || !/^[1-9]$/.test(digits.value)) return undefined;
    this.take();
    this.take();
    return digits.value;
  }

  protected isSign(sign: Sign, offset = 0): boolean {
    const token = this.next(offset);
    return token.kind === 'sign' && token.text === sign;
  }

  protected isName(...names: string[]): boolean {
    const token = this.next();
    return token.kind === 'name' && names.includes(token.text.toLowerCase());
  }

  protected takeSign<Wanted extends Sign>(...signs: Wanted[]): Wanted | undefined {
    const sign = signs.find((wanted) => this.isSign(wanted));
    if (sign !== undefined) this.take();
    return sign;
  }

  protected expectSign(sign: Sign): void {
    if (this.takeSign(sign) === undefined) throw this.unexpected();
  }

  protected unexpected(token = this.next()): ToolError {
    if (token.kind === 'end') return new ToolError('the expression ends too early');
    if (token.kind === 'number') return new ToolError(`a sign is missing before ${token.value}`);
    if (token.kind === 'fraction') return new ToolError(`a sign is missing before ${token.text}`);
    if (token.kind === 'name') return new ToolError(`\`${token.text}\` is not known here`);
    return new ToolError(`\`${token.kind === 'power' ? '^' : token.text}\` is out of place`);
  }
}

function asWritten(tokens: Token[]): string {
  const texts = tokens.map((token) => {
    if (token.kind === 'name') return ` ${token.text.replace('° ', '°')}`;
    return token.kind === 'number'
      ? token.value
      : token.kind === 'power'
        ? `^${token.digits}`
        : token.kind === 'sign'
          ? token.text
          : '';
  });
  return texts
    .join('')
    .replace(/([/*]) /g, '$1')
    .trim();
}
