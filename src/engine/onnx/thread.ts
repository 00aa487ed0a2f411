/** The shell of a session in a worker thread. */
import { parentPort } from 'node:worker_threads';
import { serve } from './host.js';

const port = parentPort!;
serve({
  send: (message) => port.postMessage(message),
  receive: (handler) => port.on('message', handler),
  close: () => port.close(),
});
