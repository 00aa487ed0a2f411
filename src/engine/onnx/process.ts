/** The shell of a session in a child process: a native abort in the runtime ends only this process. */
import { serve } from './host.js';

// Ctrl-C reaches the whole process group; the parent decides when this process ends.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
serve({
  send: (message) => process.send!(message),
  receive: (handler) => process.on('message', handler),
  close: () => process.disconnect(),
});
