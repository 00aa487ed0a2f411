/** Serves one model over a port: the session's side of the engine, the same in a thread and in a process. */

import { ChunkTimer } from './chunk-timer.js';
import { HostSequence } from './host-sequence.js';
import type { NativeGate } from './native-gate.js';
import type { Answers, Port, Request, SequenceState, SerializedError, ToClient, ToHost } from './protocol.js';
import { ModelSession } from './session.js';

export function serve(port: Port<ToClient, ToHost>, gate?: NativeGate): void {
  const host = new Host(gate);
  port.receive((message) => {
    if ('cancel' in message) return host.cancel(message.cancel);
    const answered = host.answer(message.id, message.request).then(
      (answer) => port.send({ id: message.id, answer }),
      (error: unknown) => port.send({ id: message.id, error: serialize(error), ...host.stateFor(message.request) }),
    );
    // Also where the session cannot be released: whoever closes waits until the port is.
    if (message.request.kind === 'close') void answered.then(() => port.close());
  });
}

class Host {
  readonly #gate: NativeGate | undefined;
  #session: ModelSession | undefined;
  readonly #timer = new ChunkTimer();
  readonly #sequences = new Map<number, { sequence: HostSequence; queue: Promise<unknown> }>();
  #nextSequence = 0;
  /** Whether the request under this id was cancelled. Holds those that run or wait. */
  readonly #wasCancelled = new Map<number, boolean>();
  #isClosing = false;

  constructor(gate: NativeGate | undefined) {
    this.#gate = gate;
  }

  /** The step that is running or waiting under this id stops at its next chunk. */
  cancel(id: number): void {
    if (this.#wasCancelled.has(id)) this.#wasCancelled.set(id, true);
  }

  async answer(id: number, request: Request): Promise<Answers[keyof Answers]> {
    this.#wasCancelled.set(id, false);
    try {
      return await this.#handle(id, request);
    } finally {
      this.#wasCancelled.delete(id);
    }
  }

  /** A failed step may have moved the sequence: its state goes with the error. */
  stateFor(request: Request): { state?: SequenceState } {
    if (!('sequence' in request) || !this.#sequences.has(request.sequence)) return {};
    return { state: this.#state(request.sequence) };
  }

  async #handle(id: number, request: Request): Promise<Answers[keyof Answers]> {
    switch (request.kind) {
      case 'load': {
        this.#session = await ModelSession.load(request.options, this.#gate);
        const { model, device, dtype, contextLength, vocabularySize } = request.options;
        return { model, device, dtype, contextLength, vocabularySize };
      }
      case 'open':
        return this.#add(new HostSequence(this.#loaded(), this.#timer));
      case 'close':
        return this.#close();
      default:
        return this.#inTurn(request.sequence, (sequence) => this.#onSequence(id, request, sequence));
    }
  }

  async #onSequence(
    id: number,
    request: Exclude<Request, { kind: 'load' | 'open' | 'close' }>,
    sequence: HostSequence,
  ): Promise<Answers[keyof Answers]> {
    const mayGoOn = () => {
      if (this.#isClosing) throw new Error('The engine was closed');
      if (this.#wasCancelled.get(id)) throw new DOMException('The step was cancelled', 'AbortError');
    };
    switch (request.kind) {
      case 'step': {
        const step = await sequence.step(request.tokens, request.sampling, mayGoOn);
        return { ...this.#state(request.sequence), step };
      }
      case 'truncate':
        sequence.truncate(request.length);
        return this.#state(request.sequence);
      case 'fork':
        return this.#add(sequence.fork(request.length));
      case 'score': {
        const scores = await sequence.score(request.tokens, request.ids, mayGoOn);
        return { ...this.#state(request.sequence), scores };
      }
      case 'closeSequence':
        sequence.release();
        this.#sequences.delete(request.sequence);
        return undefined;
    }
  }

  /** Requests on one sequence are answered in order; those on different ones take turns at each chunk. */
  async #inTurn<Result>(id: number, task: (sequence: HostSequence) => Promise<Result>): Promise<Result> {
    const entry = this.#sequences.get(id);
    if (entry === undefined) throw new Error('The sequence is closed');
    const result = entry.queue.then(() => {
      if (!this.#sequences.has(id)) throw new Error('The sequence is closed');
      return task(entry.sequence);
    });
    entry.queue = result.catch(() => {});
    return result;
  }

  #add(sequence: HostSequence): SequenceState {
    const id = this.#nextSequence++;
    this.#sequences.set(id, { sequence, queue: Promise.resolve() });
    return this.#state(id);
  }

  #state(id: number): SequenceState {
    const { sequence } = this.#sequences.get(id)!;
    return { sequence: id, length: sequence.length, evaluatedTokens: sequence.evaluatedTokens };
  }

  #loaded(): ModelSession {
    if (this.#session === undefined) throw new Error('No model is loaded');
    return this.#session;
  }

  /** What runs stops at its next chunk. */
  async #close(): Promise<undefined> {
    this.#isClosing = true;
    await Promise.all([...this.#sequences.values()].map(({ queue }) => queue));
    for (const { sequence } of this.#sequences.values()) sequence.release();
    this.#sequences.clear();
    await this.#session?.release();
    this.#session = undefined;
  }
}

function serialize(error: unknown): SerializedError {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
