/** What mathjs keeps of a quantity: its units, its number. Knows how units are written together, and no arithmetic. */
import type { Decimal, Unit } from './math.js';

/** A quantity as text: `km/hour`, `m^2`, `1/hour`; the same units come together, and nothing is left of `km/km`. */
export function unitText(quantity: Unit): string {
  return textOf(parts(quantity));
}

/** The number of a quantity in the unit of its text. */
export function numberOf(quantity: Unit): Decimal {
  const unit = unitText(quantity);
  return unit === '' ? amount(quantity) : (quantity.toNumeric(readable(unit)) as Decimal);
}

/** In the base units. */
export function amount(quantity: Unit): Decimal {
  return (quantity as unknown as { value: Decimal }).value;
}

export function isTemperature(quantity: Unit): boolean {
  return parts(quantity).some(({ unit }) => /^(degC|degF|celsius|fahrenheit)$/.test(unit.name));
}

/** `mph` as `mile/hour`, so that an hour beside it has something to cancel. */
export function spelledOut(quantity: Unit): Unit {
  const unit = unitText(quantity);
  return Object.hasOwn(SPEEDS, unit) ? quantity.to(SPEEDS[unit]!) : quantity;
}

const SPEEDS: Record<string, string> = { mph: 'mile/hour', knot: 'nauticalmile/hour' };

/**
 * A product with one unit for each dimension that both factors have: `km/h*min` is `km`, `m*cm` is `m^2`. What stands
 * in one factor only stays as it was written: `hours/day` times kilometres.
 */
export function combined(product: Unit, left: Unit, right: Unit): Unit {
  const shared = new Set(parts(left).map(dimension));
  const both = new Set(
    parts(right)
      .map(dimension)
      .filter((name) => shared.has(name)),
  );
  const united = grouped(parts(product), dimension).flatMap(([name, group]) => (both.has(name) ? unite(group) : group));
  const unit = textOf(united);
  return unit === '' || unit === unitText(product) ? product : product.to(readable(unit));
}

/** Names of one unit (`h`, `hours`) cancel first, so that `hours/day*days` is `hours`; then all become one unit. */
function unite(group: Part[]): Part[] {
  const sizes = grouped(group, ({ unit, prefix }) => `${Number(unit.value) * prefix.value}`);
  const left = sizes.map(([, same]) => ({ ...same[0]!, power: total(same) }));
  const power = total(left);
  const shown = left.find((part) => part.power * power > 0);
  return shown ? [{ ...shown, power }] : [];
}

function grouped(units: Part[], key: (part: Part) => string): [string, Part[]][] {
  const groups = new Map<string, Part[]>();
  for (const part of units) groups.set(key(part), [...(groups.get(key(part)) ?? []), part]);
  return [...groups];
}

function total(group: Part[]): number {
  return group.reduce((sum, { power }) => sum + power, 0);
}

function textOf(units: Part[]): string {
  const powers = new Map<string, number>();
  for (const { unit, prefix, power } of units) {
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

/** mathjs reads `hour^-1`, not `1/hour`. */
function readable(unit: string): string {
  return unit.replace(/^1\/([^/^]+)(?:\^(\d+))?/, (_, name, power = '1') => `${name}^-${power}`);
}

interface Part {
  unit: { name: string; value: number | Decimal; dimensions: number[] };
  prefix: { name: string; value: number };
  power: number;
}

function parts(quantity: Unit): Part[] {
  return (quantity as unknown as { units: Part[] }).units;
}

function dimension({ unit }: Part): string {
  return unit.dimensions.join();
}
