/** Loads mathjs when it is first needed: one private instance, with its units corrected. Nothing it parses comes from an expression. */
import type { BigNumber, Unit } from 'mathjs';

export type Decimal = BigNumber;
export type { Unit };

type Constructor = (new (
  value: string | number | Decimal,
) => Decimal) & {
  set(options: { precision: number; maxE: number; minE: number }): unknown;
  clone(options: { precision: number }): Constructor;
};

/** The part of mathjs that is used. */
export interface MathJs {
  /** Numbers of 64 digits: roots, logarithms, division. */
  real: Constructor;
  /** Sums and products keep every digit up to the largest number there is. */
  exact: Constructor;
  unit(value: Decimal, unit: string): Unit;
  isUnit(value: unknown): value is Unit;
  isUnitName(name: string): boolean;
  add(left: Unit, right: Unit): Unit;
  subtract(left: Unit, right: Unit): Unit;
  multiply(left: Unit | Decimal, right: Unit | Decimal): Unit | Decimal;
  divide(left: Unit | Decimal, right: Unit | Decimal): Unit | Decimal;
}

/** Results beyond 10^±this are refused. */
export const LARGEST_EXPONENT = 1000;

let loading: Promise<MathJs> | undefined;

export function loadMath(): Promise<MathJs> {
  loading ??= load();
  return loading;
}

async function load(): Promise<MathJs> {
  // The bundle loads in 54 ms; the package's main entry takes 600.
  const module = await import('mathjs/lib/browser/math.js' as string);
  const math = (module.default ?? module).create({ number: 'BigNumber', precision: 64 });
  const real: Constructor = math.bignumber(1).constructor;
  real.set({ precision: 64, maxE: LARGEST_EXPONENT, minE: -LARGEST_EXPONENT });
  const exact = real.clone({ precision: LARGEST_EXPONENT + 20 });
  for (const [name, definition] of CORRECTED) math.createUnit(name, { definition }, { override: true });
  math.createUnit('knot', { definition: math.unit(new real(1852).div(3600), 'm/s') });
  math.createUnit('nauticalmile', { definition: '1852 m' });
  return {
    real,
    exact,
    unit: (value, unit) => math.unit(value, unit),
    isUnit: (value): value is Unit => math.isUnit(value),
    isUnitName: (name) => /^[A-Za-z][A-Za-z0-9]*$/.test(name) && math.Unit.isValuelessUnit(name),
    add: math.add,
    subtract: math.subtract,
    multiply: math.multiply,
    divide: math.divide,
  };
}

/** Units that mathjs lacks or rounds (NIST SP 811). */
const CORRECTED: [name: string, definition: string][] = [
  ['acre', '4046.8564224 m^2'],
  ['acres', '4046.8564224 m^2'],
  ['teaspoon', '4.92892159375 ml'],
  ['teaspoons', '4.92892159375 ml'],
  ['tablespoon', '14.78676478125 ml'],
  ['tablespoons', '14.78676478125 ml'],
  ['psi', '6894.7572931683613367226734453469 Pa'],
  ['hp', '745.69987158227022 W'],
  ['torr', '133.32236842105263157894736842105 Pa'],
  ['mmHg', '133.322387415 Pa'],
  ['mph', '1 mile/hour'],
  ['cal', '4.184 J'],
  ['kcal', '4184 J'],
];
