/** Unit names as people write them → mathjs' names. Knows names only; mathjs knows the factors. */

const ALIASES: Record<string, string> = {
  '°': 'deg',
  도: 'deg',
  C: 'degC',
  c: 'degC',
  celsius: 'degC',
  centigrade: 'degC',
  섭씨: 'degC',
  F: 'degF',
  f: 'degF',
  fahrenheit: 'degF',
  화씨: 'degF',
  "'": 'foot',
  '"': 'inch',
  in: 'inch',
  pound: 'lb',
  pounds: 'lb',
  stones: 'stone',
  ounces: 'ounce',
  kph: 'km/hour',
  kmh: 'km/hour',
  kmph: 'km/hour',
  kt: 'knot',
  kn: 'knot',
  knots: 'knot',
  nmi: 'nauticalmile',
  horsepower: 'hp',
  calorie: 'cal',
  calories: 'cal',
  kilocalorie: 'kcal',
  kilocalories: 'kcal',
  Cal: 'kcal',
  yr: 'year',
  yrs: 'year',
  wk: 'week',
  wks: 'weeks',
  d: 'day',
  µs: 'us',
  µm: 'um',
  µg: 'ug',
  µl: 'ul',
  Ω: 'ohm',
  m2: 'm^2',
  m3: 'm^3',
  km2: 'km^2',
  cm2: 'cm^2',
  cm3: 'cm^3',
  mm2: 'mm^2',
  mm3: 'mm^3',
  ft2: 'ft^2',
  in2: 'in^2',
  KB: 'kB',
  Kb: 'kb',
  kb: 'kB',
  mb: 'MB',
  gb: 'GB',
  tb: 'TB',
  btu: 'BTU',
  kilobyte: 'kB',
  kilobytes: 'kB',
  megabyte: 'MB',
  megabytes: 'MB',
  gigabyte: 'GB',
  gigabytes: 'GB',
  terabyte: 'TB',
  terabytes: 'TB',
  tsp: 'teaspoon',
  tbsp: 'tablespoon',
  sqft: 'ft^2',
  cbm: 'm^3',
  킬로미터: 'km',
  미터: 'm',
  센티미터: 'cm',
  밀리미터: 'mm',
  마일: 'miles',
  피트: 'feet',
  인치: 'inches',
  야드: 'yards',
  킬로그램: 'kg',
  그램: 'g',
  톤: 'tonne',
  파운드: 'lb',
  온스: 'ounce',
  리터: 'liter',
  밀리리터: 'ml',
  갤런: 'gallon',
  초: 's',
  분: 'minutes',
  시간: 'hours',
  주: 'weeks',
  년: 'years',
  제곱미터: 'm^2',
  평방미터: 'm^2',
};

/** What mathjs knows and people mean otherwise: `as` is no attosecond, `3rd` no rods. */
const WORDS = new Set(['as', 'rd']);

/** mathjs' name of a unit, or undefined. `exists` asks mathjs. */
export function unitName(name: string, exists: (name: string) => boolean): string | undefined {
  const degree = /^(?:°|deg(?:rees?)?) ?(c|f|celsius|centigrade|fahrenheit)$/i.exec(name)?.[1];
  if (degree !== undefined) return /^f/i.test(degree) ? 'degF' : 'degC';
  const lower = name.length > 1 ? [name.toLowerCase()] : []; // `5 M` is no 5 m
  if (WORDS.has(name.toLowerCase())) return undefined;
  for (const spelling of [name, ...lower]) {
    if (Object.hasOwn(ALIASES, spelling)) return ALIASES[spelling];
    const american = spelling.replace(/metre(s?)$/, 'meter$1').replace(/litre(s?)$/, 'liter$1');
    if (exists(american)) return american;
  }
  return undefined;
}

/** `square feet`, `sq ft`, `cubic metres`, `fluid ounces`, `nautical miles`: a first word that changes the unit after it. */
export const UNIT_PREFIXES: Record<string, (unit: string) => string | undefined> = {
  square: (unit) => `${unit}^2`,
  sq: (unit) => `${unit}^2`,
  cubic: (unit) => `${unit}^3`,
  cu: (unit) => `${unit}^3`,
  fluid: (unit) => (/^(ounces?|oz)$/.test(unit) ? 'fluidounce' : undefined),
  fl: (unit) => (/^(ounces?|oz)$/.test(unit) ? 'fluidounce' : undefined),
  nautical: (unit) => (/^(miles?|mi)$/.test(unit) ? 'nauticalmile' : undefined),
};
