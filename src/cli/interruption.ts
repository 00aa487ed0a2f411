/** Ctrl-C: the first stops the answer and keeps what was said, the second ends the program at once. */

export interface Interruption {
  signal: AbortSignal;
  wasInterrupted(): boolean;
  dispose(): void;
}

export function interruption(): Interruption {
  const controller = new AbortController();
  const stop = () => {
    // Exiting while the runtime is inside native code would abort with a core dump: the default action of the signal ends it cleanly.
    if (controller.signal.aborted) {
      dispose();
      process.kill(process.pid, 'SIGINT');
    }
    controller.abort(new DOMException('Interrupted', 'AbortError'));
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const dispose = () => {
    for (const name of signals) process.removeListener(name, stop);
  };
  for (const name of signals) process.on(name, stop);
  return { signal: controller.signal, wasInterrupted: () => controller.signal.aborted, dispose };
}
