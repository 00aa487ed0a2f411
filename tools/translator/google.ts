/** Google Translate through @vitalets/google-translate-api: free, no key, limited by address. */
import { ToolError } from '../tool.js';
import { checkedBaseUrl, ServiceError, type TranslationProvider, unreachable, unreadable } from './provider.js';

/** `baseUrl`: default https://translate.google.com. */
export function google({ baseUrl = 'https://translate.google.com' }: { baseUrl?: string } = {}): TranslationProvider {
  const base = checkedBaseUrl(baseUrl);
  return {
    name: 'google',
    baseUrl: base,
    async translate({ text, to, from, signal }) {
      const { Translator } = await import('@vitalets/google-translate-api');
      class BasedTranslator extends Translator {
        protected override buildUrl(): string {
          return base + super.buildUrl().replace(/^https:\/\/[^/]*/, '');
        }
      }
      const languages = { to: googleCode(to), ...(from === undefined ? {} : { from: googleCode(from) }) };
      // node-fetch's own AbortSignal type predates the standard one.
      const fetchOptions = { signal: signal as never };
      try {
        const translated = (await new BasedTranslator(text, { ...languages, fetchOptions }).translate()).text;
        if (typeof translated !== 'string' || translated === '') throw unreadable();
        return translated;
      } catch (error) {
        throw signal.aborted ? error : readError(error);
      }
    },
  };
}

/** The package exports no error classes: an HTTP error has a `status`, node-fetch's errors a `type`. */
function readError(error: unknown): ToolError {
  if (error instanceof ToolError) return error;
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (typeof status === 'number') return new ServiceError(status);
  if (type === 'system') return unreachable();
  return unreadable();
}

const CODES: Record<string, string> = {
  zh: 'zh-CN',
  'zh-Hans': 'zh-CN',
  'zh-Hant': 'zh-TW',
  'pt-PT': 'pt-PT',
  'fr-CA': 'fr-CA',
  nb: 'no',
  nn: 'no',
  fil: 'tl',
};

function googleCode(code: string): string {
  return CODES[code] ?? code.split('-')[0]!;
}
