// @ts-check
/**
 * A translation service of one's own in one small object: here a phrase book, which needs no network.
 * node examples/05-translator-provider.js "Good morning" French
 */
import { ToolError, translator } from 'toolformer/tools';

/** @type {Record<string, Record<string, string>>} */
const phrases = {
  'good morning': { fr: 'Bonjour', es: 'Buenos días', ko: '좋은 아침입니다' },
  'thank you': { fr: 'Merci', es: 'Gracias', ko: '감사합니다' },
  'where is the station?': { fr: 'Où est la gare ?', es: '¿Dónde está la estación?', ko: '역이 어디예요?' },
};

/** @type {import('toolformer/tools').TranslationProvider} */
const phraseBook = {
  name: 'phrase book',
  baseUrl: '',
  // `to` is a code, whichever way the language was named; fetch(url, { signal }) is where a real service would be asked.
  async translate({ text, to }) {
    const translated = phrases[text.trim().toLowerCase()]?.[to];
    if (translated === undefined) throw new ToolError('the phrase book does not have this phrase');
    return translated;
  },
};

const tool = translator({ provider: phraseBook }); // Toolformer.load({ tools: [tool] }) hands it to a model
const [text = 'Good morning', ...languages] = process.argv.slice(2);
for (const to of languages.length > 0 ? languages : ['French', 'español', '한국어']) {
  const translated = await tool.run({ text, to }, { signal: AbortSignal.timeout(5000) });
  console.log(`${to}: ${translated}`);
}
