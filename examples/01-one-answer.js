// @ts-check
/** One answer: the model writes, the calculator works the number out, the model finishes the sentence. */
import { Toolformer } from 'toolformer';

const agent = await Toolformer.load();
const { text, calls } = await agent.generate(
  'A baker made 24 trays of 18 rolls and sold 305 of them. How many rolls are left?',
);

console.log(text.trim());
for (const { toolName, input, output } of calls) console.log(`${toolName} ${JSON.stringify(input)} → ${output}`);

await agent.close();
