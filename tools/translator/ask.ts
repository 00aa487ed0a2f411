/** One question to a provider: with a deadline, a second try where the service is busy, and a memory of recent answers. */
import { ServiceError, type TranslationProvider, type TranslationRequest, tooLate } from './provider.js';

const LONGEST_WAIT_MS = 2000;

/** A 429 or 5xx is tried once more after `backOffMs`, or after what the service asks for if that is at most 2 s. */
export async function ask(
  provider: TranslationProvider,
  request: TranslationRequest,
  deadlineMs: number,
  backOffMs: number,
): Promise<string> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = AbortSignal.any([request.signal, deadline]);
  const once = () => beforeAbort(provider.translate({ ...request, signal }), signal);
  try {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof ServiceError) || (error.status !== 429 && error.status < 500)) throw error;
      const waitMs = error.retryAfterMs ?? backOffMs;
      if (waitMs > LONGEST_WAIT_MS) throw error;
      await pause(waitMs, signal);
      return await once();
    }
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    throw deadline.aborted ? tooLate() : error;
  }
}

/** Rejects when `signal` aborts, also where `work` takes no notice. */
function beforeAbort<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, durationMs);
  });
  await beforeAbort(passed, signal).finally(() => clearTimeout(timer)); // a timer left behind keeps the process alive
}

/** The answers used last; the oldest goes when it is full. */
export class RecentAnswers {
  private readonly answers = new Map<string, string>();

  constructor(private readonly capacity: number) {}

  get(key: string): string | undefined {
    const answer = this.answers.get(key);
    if (answer !== undefined) this.set(key, answer);
    return answer;
  }

  set(key: string, answer: string): void {
    this.answers.delete(key);
    this.answers.set(key, answer);
    if (this.answers.size > this.capacity) this.answers.delete(this.answers.keys().next().value!);
  }
}
