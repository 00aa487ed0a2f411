// @ts-check
/** A tool of your own: its schema checks what the model writes, its description tells the model what it is for. */
import { defineTool, Toolformer } from 'toolformer';
import { calculator } from 'toolformer/tools';
import { z } from 'zod';

const shelves = new Map([
  ['A-17', 12],
  ['B-204', 340],
]);

const stock = defineTool({
  name: 'stock',
  description: 'Pieces of an article in stock',
  input: z.object({ sku: z.string() }),
  examples: [{ text: 'We still have 12 of A-17.', before: ' 12', input: { sku: 'A-17' } }],
  run: ({ sku }) => shelves.get(sku) ?? 'no such article',
});

const agent = await Toolformer.load({ tools: [calculator(), stock] });
const { text, calls } = await agent.generate('How many pieces of B-204 are in stock?');

console.log(text.trim());
for (const { toolName, input, output } of calls) console.log(`${toolName} ${JSON.stringify(input)} → ${output}`);

await agent.close();
