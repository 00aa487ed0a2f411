/**
 * A program that exits while its session's thread is inside native code is aborted with a core dump. So the thread enters
 * native code through this gate, and an exit (process.exit, an uncaught error) shuts it and waits until nobody is inside.
 */

/** Longer than any chunk takes. */
const PATIENCE_MS = 10_000;
const SHUT = 0;
const INSIDE = 1;

export class NativeGate {
  /** What both threads share. */
  readonly buffer: SharedArrayBuffer;
  readonly #state: Int32Array; // [whether it is shut, how many runs are inside: sequences take turns]

  constructor(buffer = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#state = new Int32Array(buffer);
  }

  /** The thread's side. @throws {Error} once the gate is shut */
  async pass<Result>(native: () => Promise<Result>): Promise<Result> {
    Atomics.add(this.#state, INSIDE, 1);
    try {
      if (Atomics.load(this.#state, SHUT) === 1) throw new Error('The program is ending');
      return await native();
    } finally {
      Atomics.sub(this.#state, INSIDE, 1);
      Atomics.notify(this.#state, INSIDE);
    }
  }

  /** The program's side: blocks until the thread is outside. */
  shut(): void {
    Atomics.store(this.#state, SHUT, 1);
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const inside = Atomics.load(this.#state, INSIDE);
      const remainingMs = deadline - performance.now();
      if (inside === 0 || remainingMs <= 0) return;
      Atomics.wait(this.#state, INSIDE, inside, remainingMs);
    }
  }
}

const gates = new Set<NativeGate>();
const shutAll = () => {
  for (const gate of gates) gate.shut();
};

/** Shuts the gate when the program exits, until `forget` is called. One listener serves all gates. */
export function shutAtExit(gate: NativeGate): { forget(): void } {
  if (gates.size === 0) process.on('exit', shutAll);
  gates.add(gate);
  return {
    forget: () => {
      gates.delete(gate);
      if (gates.size === 0) process.off('exit', shutAll);
    },
  };
}
