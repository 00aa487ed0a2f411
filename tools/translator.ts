/** The translator: a text into another language, through a service that can be chosen. Reads no environment. */
import { z } from 'zod';
import { defineTool, refuseUnknown, type Tool, ToolError } from './tool.js';
import { apertium } from './translator/apertium.js';
import { ask, RecentAnswers } from './translator/ask.js';
import { google } from './translator/google.js';
import { languageCode } from './translator/languages.js';
import { libretranslate } from './translator/libretranslate.js';
import type { TranslationProvider } from './translator/provider.js';

export const translationProviders = { google, libretranslate, apertium };

export interface TranslatorOptions {
  /** A service by name, or one of your own; default `'google'`. */
  provider?: keyof typeof translationProviders | TranslationProvider;
  /** Base address of the service named by `provider`; default the provider's own. */
  baseUrl?: string;
  /** Deadline of one translation in milliseconds, the second try included; from 1 to 2,147,481,647, default 8,000. */
  deadlineMs?: number;
  /** Pause before the second try in milliseconds; minimum 0, default 500. */
  backOffMs?: number;
}

const input = z.object({
  text: z.string().describe('The text to translate'),
  to: z.string().describe('The language to translate into'),
  from: z.string().optional().describe('The language of the text'),
});
const MAXIMUM_CHARACTERS = 5000;
/** From the translator's own deadline to the tool's, which would say less. */
const MARGIN_MS = 2000;
/** Timers hold no more. */
const LONGEST_DEADLINE_MS = 2 ** 31 - 1 - MARGIN_MS;

/** Languages are named in English, in Korean, in themselves or by code, in any case: `French`, `한국어`, `fr`, `pt-BR`. */
export function translator(options: TranslatorOptions = {}): Tool<typeof input> {
  refuseUnknown(options, ['provider', 'baseUrl', 'deadlineMs', 'backOffMs']);
  const { deadlineMs = 8000, backOffMs = 500 } = options;
  if (!Number.isInteger(deadlineMs) || deadlineMs < 1 || deadlineMs > LONGEST_DEADLINE_MS)
    throw new TypeError(
      `Expected \`deadlineMs\` to be a whole number from 1 to ${LONGEST_DEADLINE_MS}, got ${deadlineMs}`,
    );
  if (typeof backOffMs !== 'number' || !(backOffMs >= 0))
    throw new TypeError(`Expected \`backOffMs\` to be a number >= 0, got ${backOffMs}`);
  const provider = chooseProvider(options);
  const recent = new RecentAnswers(100);
  return defineTool({
    name: 'translator',
    description: 'Translates a text into another language',
    input,
    examples: [
      {
        text: '"Good morning" in French is "Bonjour".',
        before: ' "Bonjour"',
        input: { text: 'Good morning', to: 'French' },
      },
    ],
    timeoutMs: deadlineMs + MARGIN_MS,
    run: async ({ text, to, from }, { signal }) => {
      if (text.trim() === '') throw new ToolError('there is no text to translate');
      if (text.length > MAXIMUM_CHARACTERS)
        throw new ToolError(`the text is longer than ${MAXIMUM_CHARACTERS} characters`);
      const source = from === undefined || /^\s*(auto)?\s*$/i.test(from) ? {} : { from: languageCode(from) };
      const request = { text, to: languageCode(to), ...source };
      const key = JSON.stringify(request);
      const known = recent.get(key);
      if (known !== undefined) return known;
      const translated = await ask(provider, { ...request, signal }, deadlineMs, backOffMs);
      recent.set(key, translated);
      return translated;
    },
  });
}

function chooseProvider({ provider = 'google', baseUrl }: TranslatorOptions): TranslationProvider {
  if (typeof provider === 'string') {
    if (Object.hasOwn(translationProviders, provider))
      return translationProviders[provider](baseUrl === undefined ? {} : { baseUrl });
  } else if (typeof provider?.translate === 'function') {
    if (baseUrl !== undefined)
      throw new TypeError('Expected `baseUrl` only beside a provider that is named, got it beside an object');
    return provider;
  }
  const names = Object.keys(translationProviders).join(', ');
  throw new TypeError(
    `Expected \`provider\` to be ${names} or an object with \`translate\`, got ${JSON.stringify(provider)}`,
  );
}
