// @ts-check
/** Two ways to cancel: an abort signal, after which the stream says that it was cut short, and `break`. */
import { Toolformer } from 'toolformer';

const agent = await Toolformer.load();
const prompt = 'What is 12 times 12?';

const stop = new AbortController();
for await (const part of agent.stream(prompt, { signal: stop.signal })) {
  if (part.type === 'text-delta') stop.abort();
  if (part.type === 'finish') console.log(`signal: ${part.finishReason} after ${part.usage.outputTokens} tokens`);
}

for await (const part of agent.stream(prompt)) {
  if (part.type === 'text-delta') break; // the model stops here; nothing more is evaluated
}
console.log('break: the loop is over');

const { text } = await agent.generate(prompt); // the agent is as good as new
console.log(text.trim());

await agent.close();
