/** A program that uses the library and forgets to close it: node agent-program.js MODEL_FOLDER ISOLATION ENDING. */
import { Toolformer } from '#dist/src/index.js';

const [model = '', isolation, ending] = process.argv.slice(2);
const agent = await Toolformer.load({
  model,
  device: 'cpu',
  isolation: isolation === 'process' ? 'process' : 'thread',
});
let parts = 0;
for await (const part of agent.stream('Once upon a time', { maxTokens: 300, temperature: 1, maxCalls: 0 })) {
  if (++parts === 1) console.log('running');
  if (ending === 'break' && parts === 3) break;
  if (ending === 'error' && parts === 3) throw new Error('an error of the program');
  if (part.type === 'finish' && ending === 'interrupted') throw new Error('The answer ended before the interruption');
}
