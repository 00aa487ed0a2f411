/** The calculator: arithmetic, percentages, functions and units on exact decimals, safe with any input. */
import { z } from 'zod';
import { calculate } from './calculator/evaluate.js';
import { defineTool, refuseUnknown, type Tool } from './tool.js';

const input = z.object({ expression: z.string().describe('What to work out, as in 17.5% of 240') });

/**
 * `+ - * / ^ mod` and their many signs, `15% of 80`, `80 + 15%` (92), `50% + 50%` (1), roots, `ln`, `log` (base 10, or
 * `log(x, base)`), trigonometry in radians (`sin(30°)` in degrees), `5!`, statistics, rounding, `gcd`, `lcm`, units
 * (`5 feet 3 inches to cm`, `60 km/h * 30 min`), `65/250 as percent`, thousands separators, `$1.5M`, `2½`, English
 * number words (`two thousand and six`) and Korean numerals. A `%` before an operand is the remainder: `10 % 3` is 1;
 * the remainder has the divisor's sign. Results have 20 digits at most, 21 before the point. What can be read in two
 * ways (`6/2(1+2)`, `1,23`, `5!!`) is refused.
 */
export function calculator(options: Record<string, never> = {}): Tool<typeof input> {
  refuseUnknown(options, []);
  return defineTool({
    name: 'calculator',
    description: 'Works out an arithmetic expression',
    input,
    examples: [
      { text: '37 times 48 is 1776.', before: ' 1776', input: { expression: '37*48' } },
      {
        text: 'Out of 1400 participants, 400 (or 28.6%) passed the test.',
        before: ' 28.6%',
        input: { expression: '400/1400*100' },
      },
      { text: 'The trail is 5 miles long, about 8.05 km.', before: ' 8.05 km', input: { expression: '5 miles to km' } },
    ],
    prepare: async () => {
      await calculate('sin(1)/3 + 2^.5'); // compiles what the first call would
      await calculate('1 inch + 1 cm to mm');
    },
    run: ({ expression }) => calculate(expression),
  });
}
