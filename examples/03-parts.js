// @ts-check
/** An answer as it is written: text, the call inside the sentence, its result, and what all of it cost. */
import { Toolformer } from 'toolformer';

const agent = await Toolformer.load();

for await (const part of agent.stream('What is 17.5% of 240?')) {
  switch (part.type) {
    case 'text-delta':
      console.log('text  ', JSON.stringify(part.text));
      break;
    case 'tool-call':
      console.log('call  ', part.toolName, JSON.stringify(part.input));
      break;
    case 'tool-result':
      console.log('result', part.output, `(${part.durationMs.toFixed(1)} ms)`);
      break;
    case 'tool-error':
      console.log('error ', part.error);
      break;
    case 'finish':
      console.log('finish', part.finishReason, JSON.stringify(part.usage));
      break;
  }
}

await agent.close();
