/** The shell of a session in a worker thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './host.js';
import { NativeGate } from './native-gate.js';
import type { ToClient, ToHost } from './protocol.js';

const port = parentPort!;
const endpoint = {
  send: (message: ToClient) => port.postMessage(message),
  receive: (handler: (message: ToHost) => void) => port.on('message', handler),
  close: () => port.close(),
};
serve(endpoint, new NativeGate(workerData as SharedArrayBuffer));
