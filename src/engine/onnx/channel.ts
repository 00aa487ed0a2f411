/** Starts the session's thread or process and carries requests to it. Knows nothing of what they mean. */
import './telemetry.js';

import { type ChildProcess, fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { NativeGate, shutAtExit } from './native-gate.js';
import type { Answers, Request, SequenceState, ToClient, ToHost } from './protocol.js';

export type Isolation = 'thread' | 'process';

/** A request that failed; `state` is where its sequence stands now. */
export class RequestError extends Error {
  readonly state: SequenceState | undefined;
  constructor(name: string, message: string, state?: SequenceState) {
    super(message);
    this.name = name;
    this.state = state;
  }
}

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

export class Channel {
  readonly #shell: Shell;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #death: Error | undefined;

  constructor(isolation: Isolation) {
    this.#shell = isolation === 'thread' ? startThread(this.#events()) : startProcess(this.#events());
    this.#shell.unref(); // an idle engine does not keep a program alive
  }

  /** Whether it answers no request any more: it died, or was told to end. */
  get isDead(): boolean {
    return this.#death !== undefined;
  }

  /** Stops cooperatively (ending a thread inside a native run would abort the process) and waits until it is gone. */
  async end(): Promise<void> {
    const closing = this.request({ kind: 'close' }).catch(() => {}); // a dead one needs no stopping
    this.#death ??= new Error('The engine is closed');
    await closing;
    this.#shell.ref();
    await this.#shell.ended;
  }

  /** For tests and messages; undefined for a thread. */
  get processId(): number | undefined {
    return this.#shell.processId;
  }

  request<Kind extends Request['kind']>(
    request: Extract<Request, { kind: Kind }>,
    signal?: AbortSignal,
  ): Promise<Answers[Kind]> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = this.#nextId++;
    const cancel = () => this.#shell.send({ cancel: id });
    signal?.addEventListener('abort', cancel, { once: true });
    const answer = new Promise<Answers[Kind]>((resolve, reject) => {
      this.#shell.send({ id, request }); // throws where the request is not plain data
      this.#waiting.set(id, { resolve, reject });
      this.#shell.ref();
    });
    return answer.finally(() => signal?.removeEventListener('abort', cancel));
  }

  #events(): ShellEvents {
    return {
      message: (message) => {
        const waiting = this.#waiting.get(message.id);
        this.#settled(message.id);
        if ('error' in message)
          waiting?.reject(new RequestError(message.error.name, message.error.message, message.state));
        else waiting?.resolve(message.answer as never);
      },
      death: (reason) => {
        this.#death ??= new Error(`The engine ended: ${reason}. Open a new conversation to start it again`);
        for (const { reject } of this.#waiting.values()) reject(this.#death);
        this.#waiting.clear();
      },
    };
  }

  #settled(id: number): void {
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#shell.unref();
  }
}

interface Shell {
  readonly processId: number | undefined;
  readonly ended: Promise<void>;
  send(message: ToHost): void;
  ref(): void;
  unref(): void;
}

interface ShellEvents {
  message(message: ToClient): void;
  death(reason: string): void;
}

function startThread(events: ShellEvents): Shell {
  const gate = new NativeGate();
  const exit = shutAtExit(gate);
  const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: gate.buffer, execArgv: [] });
  worker.on('message', events.message);
  worker.on('error', (error) => events.death(error.message));
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      exit.forget();
      events.death(`its thread stopped with code ${code}`);
      resolve();
    });
  });
  return {
    processId: undefined,
    ended,
    send: (message) => worker.postMessage(message),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  };
}

function startProcess(events: ShellEvents): Shell {
  const child: ChildProcess = fork(new URL('./process.js', import.meta.url), {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'], // what native code prints is kept for the error message
  });
  let noise = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    noise = (noise + text).slice(-2000);
  });
  child.on('message', events.message);
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      events.death(error.message);
      if (child.pid === undefined) resolve(); // it never started
    });
    child.once('exit', (code, signal) => {
      const last = noise.trim().split('\n').at(-1);
      events.death(`its process stopped with ${signal ?? `code ${code}`}${last ? ` (${last})` : ''}`);
      resolve();
    });
  });
  const stderr = child.stderr as unknown as { ref(): void; unref(): void };
  return {
    processId: child.pid,
    ended,
    send: (message) => {
      if (child.connected) child.send(message);
    },
    ref: () => {
      child.ref();
      child.channel?.ref();
    },
    unref: () => {
      child.unref();
      child.channel?.unref();
      stderr.unref();
    },
  };
}
