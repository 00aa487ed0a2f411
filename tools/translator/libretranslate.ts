/** LibreTranslate (https://github.com/LibreTranslate/LibreTranslate): one's own server, or a public one with a key. */
import { checkedBaseUrl, postForJson, type TranslationProvider, unreadable } from './provider.js';

/** `baseUrl`: default http://localhost:5000, where `libretranslate` listens; `apiKey` where the server wants one. */
export function libretranslate({
  baseUrl = 'http://localhost:5000',
  apiKey,
}: {
  baseUrl?: string;
  apiKey?: string;
} = {}): TranslationProvider {
  const base = checkedBaseUrl(baseUrl);
  return {
    name: 'libretranslate',
    baseUrl: base,
    async translate({ text, to, from, signal }) {
      const source = from === undefined ? 'auto' : libreCode(from);
      const key = apiKey === undefined ? {} : { api_key: apiKey };
      const body = { q: text, source, target: libreCode(to), format: 'text', ...key };
      const answer = (await postForJson(`${base}/translate`, body, signal)) as { translatedText?: unknown } | null;
      if (typeof answer?.translatedText !== 'string') throw unreadable();
      return answer.translatedText;
    },
  };
}

/** Its own codes for two; known to old and new servers. */
const CODES: Record<string, string> = { 'zh-Hant': 'zt', 'pt-BR': 'pb', fil: 'tl', no: 'nb' };

function libreCode(code: string): string {
  return CODES[code] ?? code.split('-')[0]!;
}
