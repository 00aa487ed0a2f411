/** Apertium through its web service, apertium-apy (https://wiki.apertium.org/wiki/Apertium-apy): rules, no neural network. */
import { ToolError } from '../tool.js';
import { ISO_639_3 } from './iso-639.js';
import {
  checkedBaseUrl,
  postForJson,
  ServiceError,
  type TranslationProvider,
  unknownPair,
  unreadable,
} from './provider.js';

/** `baseUrl`: default https://apertium.org/apy, the project's own server; a local `apertium-apy` listens on http://localhost:2737. */
export function apertium({ baseUrl = 'https://apertium.org/apy' }: { baseUrl?: string } = {}): TranslationProvider {
  const base = checkedBaseUrl(baseUrl);
  return {
    name: 'apertium',
    baseUrl: base,
    async translate({ text, to, from, signal }) {
      const source = from === undefined ? await identify(base, text, apertiumCode(to), signal) : apertiumCode(from);
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

/** The service's guess at the source language, where it can guess; else the only one it translates into `to`. */
async function identify(base: string, text: string, to: string, signal: AbortSignal): Promise<string> {
  const ranked = Object.entries(await guess(base, text, signal)).sort(([, one], [, other]) => other - one);
  const [code] = ranked[0] ?? [];
  if (code !== undefined) return ISO_639_3[code] ?? code;
  const answer = (await postForJson(`${base}/listPairs`, {}, signal)) as { responseData?: unknown } | null;
  if (!Array.isArray(answer?.responseData)) throw unreadable();
  const pairs = answer.responseData as { sourceLanguage?: unknown; targetLanguage?: unknown }[];
  const sources = new Set(pairs.flatMap((pair) => (pair?.targetLanguage === to ? [pair.sourceLanguage] : [])));
  const [source] = sources;
  if (sources.size === 0) throw unknownPair();
  if (sources.size === 1 && typeof source === 'string') return source;
  throw new ToolError('the translation service needs to know the source language');
}

async function guess(base: string, text: string, signal: AbortSignal): Promise<Record<string, number>> {
  try {
    const guesses = await postForJson(`${base}/identifyLang`, new URLSearchParams({ q: text }), signal);
    const isGuess = ([code, share]: [string, unknown]) => /^[a-z]{2,3}$/.test(code) && typeof share === 'number';
    return Object.fromEntries(Object.entries(guesses ?? {}).filter(isGuess));
  } catch (error) {
    const cannotGuess = error instanceof ServiceError && error.status < 500 && error.status !== 429;
    if (cannotGuess) return {};
    throw error;
  }
}

/** `pt-BR` → `por_BR`-style variants exist for a few pairs only: the plain language is asked for. */
function apertiumCode(code: string): string {
  const language = code.split('-')[0]!;
  return ISO_639_3[language] ?? language;
}
