/** The words of the language: functions with how many numbers they take, constants, number words. Everything else is refused. */

/** Fewest and most arguments. */
export const FUNCTIONS: Record<string, [fewest: number, most: number]> = {
  sqrt: [1, 1],
  cbrt: [1, 1],
  nthroot: [2, 2],
  root: [2, 2],
  pow: [2, 2],
  exp: [1, 1],
  ln: [1, 1],
  log: [1, 2],
  log10: [1, 1],
  log2: [1, 1],
  sin: [1, 1],
  cos: [1, 1],
  tan: [1, 1],
  asin: [1, 1],
  acos: [1, 1],
  atan: [1, 1],
  arcsin: [1, 1],
  arccos: [1, 1],
  arctan: [1, 1],
  sinh: [1, 1],
  cosh: [1, 1],
  tanh: [1, 1],
  factorial: [1, 1],
  fact: [1, 1],
  combinations: [2, 2],
  ncr: [2, 2],
  choose: [2, 2],
  permutations: [2, 2],
  npr: [2, 2],
  min: [1, 100],
  max: [1, 100],
  mean: [1, 100],
  average: [1, 100],
  avg: [1, 100],
  median: [1, 100],
  sum: [1, 100],
  round: [1, 2],
  floor: [1, 1],
  ceil: [1, 1],
  trunc: [1, 1],
  abs: [1, 1],
  sign: [1, 1],
  mod: [2, 2],
  gcd: [2, 100],
  lcm: [2, 100],
};

/** These take up to 3 ms each; an expression has 12 at most. */
export const SLOW_FUNCTIONS: ReadonlySet<string> = new Set(
  'nthroot root exp ln log log10 log2 sin cos tan asin acos atan arcsin arccos arctan sinh cosh tanh'.split(' '),
);
export const MAXIMUM_SLOW = 12;

/** After these a comma parts arguments; after the others, as in `sqrt(1,000)`, it parts thousands. */
export const TAKES_SEVERAL: ReadonlySet<string> = new Set(
  Object.entries(FUNCTIONS).flatMap(([name, [, most]]) => (most > 1 ? [name] : [])),
);

/** Digits beyond the 64 that are worked with. */
export const CONSTANTS: Record<string, string> = {
  pi: '3.1415926535897932384626433832795028841971693993751058209749445923078164',
  π: '3.1415926535897932384626433832795028841971693993751058209749445923078164',
  tau: '6.2831853071795864769252867665590057683943387987502116419498891846156328',
  e: '2.7182818284590452353602874713526624977572470936999595749669676277240766',
};

const SCALES: Record<string, string> = {
  dozen: '12',
  hundred: '1e2',
  thousand: '1e3',
  million: '1e6',
  billion: '1e9',
  trillion: '1e12',
};

/** What the word after `2.5` in `2.5 million` multiplies by; undefined where it is no such word. */
export function scaleOf(word: string): string | undefined {
  const name = word.toLowerCase();
  return Object.hasOwn(SCALES, name) ? SCALES[name] : undefined;
}
