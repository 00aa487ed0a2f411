// @ts-check
/** A tool of your own: its schema checks what the model writes, its description tells the model what it is for. */
import { defineTool, Toolformer } from 'toolformer';
import { calculator } from 'toolformer/tools';
import { z } from 'zod';

const populations = { Norway: 5_550_000, Iceland: 383_000, Malta: 542_000 };

const population = defineTool({
  name: 'population',
  description: 'Looks up how many people live in a country',
  input: z.object({ country: z.string() }),
  examples: [{ text: 'Norway has 5550000 inhabitants.', before: ' 5550000', input: { country: 'Norway' } }],
  run: ({ country }) => Object.entries(populations).find(([name]) => name === country)?.[1] ?? 'unknown',
});

const agent = await Toolformer.load({ tools: [calculator(), population] });
const { text, calls } = await agent.generate('How many people live in Iceland?');

console.log(text.trim());
console.log(calls.map(({ toolName, input }) => `${toolName}(${JSON.stringify(input)})`).join(', ') || 'no call');

await agent.close();
