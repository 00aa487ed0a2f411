/** Apertium through its web service, apertium-apy (https://wiki.apertium.org/wiki/Apertium-apy): rules, no neural network. */
import { ToolError } from '../tool.js';
import { ISO_639_3 } from './iso-639.js';
import { checkedBaseUrl, postForJson, ServiceError, type TranslationProvider, unreadable } from './provider.js';

/** `baseUrl`: default https://apertium.org/apy, the project's own server; a local `apertium-apy` listens on http://localhost:2737. */
export function apertium({ baseUrl = 'https://apertium.org/apy' }: { baseUrl?: string } = {}): TranslationProvider {
  const base = checkedBaseUrl(baseUrl);
  return {
    name: 'apertium',
    baseUrl: base,
    async translate({ text, to, from, signal }) {
      const source = from === undefined ? await identify(base, text, signal) : apertiumCode(from);
      const langpair = `${source}|${apertiumCode(to)}`;
      const body = new URLSearchParams({ langpair, q: text, markUnknown: 'no', format: 'txt' });
      const answer = (await postForJson(`${base}/translate`, body, signal)) as Answer | null;
      const translated = answer?.responseData?.translatedText;
      if (typeof translated !== 'string') throw unreadable();
      return translated;
    },
  };
}

interface Answer {
  responseData?: { translatedText?: unknown };
}

/** The service's best guess at the source language; not every server can guess. */
async function identify(base: string, text: string, signal: AbortSignal): Promise<string> {
  const unknown = new ToolError('the translation service needs to know the source language');
  let guesses: unknown;
  try {
    guesses = await postForJson(`${base}/identifyLang`, new URLSearchParams({ q: text }), signal);
  } catch (error) {
    throw error instanceof ServiceError && error.status !== 429 ? unknown : error;
  }
  const ranked = Object.entries(guesses ?? {}).sort(([, one], [, other]) => Number(other) - Number(one));
  const [code] = ranked[0] ?? [];
  if (code === undefined || !/^[a-z]{2,3}$/.test(code)) throw unknown;
  return ISO_639_3[code] ?? code;
}

/** `pt-BR` → `por_BR`-style variants exist for a few pairs only: the plain language is asked for. */
function apertiumCode(code: string): string {
  const language = code.split('-')[0]!;
  return ISO_639_3[language] ?? language;
}
