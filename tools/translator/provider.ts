/** What a translation service is to the translator, and how its failures read. A new service is one small file like its neighbours. */
import { ToolError } from '../tool.js';

export interface TranslationRequest {
  text: string;
  /** BCP 47 code: `fr`, `pt-BR`, `zh-Hant`. */
  to: string;
  /** The same; undefined where the service is to find out. */
  from?: string;
  /** Aborted at the deadline, or when the answer is cancelled. */
  signal: AbortSignal;
}

export interface TranslationProvider {
  readonly name: string;
  readonly baseUrl: string;
  /** Throws a `ServiceError` with the service's status, so that the translator can try again, or any `ToolError`. */
  translate(request: TranslationRequest): Promise<string>;
}

/** An answer with an error status. */
export class ServiceError extends ToolError {
  constructor(
    readonly status: number,
    /** What the service asks to wait, if it does. */
    readonly retryAfterMs?: number,
  ) {
    super(
      status === 429
        ? 'the translation service asks to wait (too many requests)'
        : `the translation service answered with status ${status}`,
    );
  }
}

export const unreachable = () => new ToolError('the translation service cannot be reached');
export const unreadable = () => new ToolError('the translation service gave an answer that cannot be read');
export const tooLate = () => new ToolError('the translation service did not answer in time');
export const unknownPair = () => new ToolError('the translation service does not translate between these languages');

/** Checks a base address and drops the slash at its end. */
export function checkedBaseUrl(baseUrl: string): string {
  let fits = false;
  try {
    fits = /^https?:$/.test(new URL(baseUrl).protocol);
  } catch {}
  if (!fits) throw new TypeError(`Expected \`baseUrl\` to be an http or https address, got ${JSON.stringify(baseUrl)}`);
  return baseUrl.replace(/\/+$/, '');
}

/** Posts fields, reads JSON; every failure is a `ToolError`. */
export async function postForJson(url: string, body: URLSearchParams | object, signal: AbortSignal): Promise<unknown> {
  const form = body instanceof URLSearchParams;
  const type = form ? 'application/x-www-form-urlencoded;charset=utf-8' : 'application/json';
  let response: Response;
  let text: string;
  try {
    const headers = { 'Content-Type': type, Accept: 'application/json' };
    response = await fetch(url, {
      method: 'POST',
      headers,
      body: form ? body.toString() : JSON.stringify(body),
      signal,
    });
    text = await response.text();
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable();
  }
  if (response.status === 400 && /\bpair\b|not supported/i.test(text)) throw unknownPair();
  if (!response.ok) throw new ServiceError(response.status, retryAfterMs(response.headers.get('retry-after')));
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable();
  }
}

function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) * 1000 : undefined;
}
