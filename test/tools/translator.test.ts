import { afterEach, describe, expect, it } from 'vitest';
import { type TranslationProvider, translator } from '#dist/tools/index.js';
import { json, type Loopback, loopback, type Reply, type Seen } from './loopback.js';

type Name = 'google' | 'libretranslate' | 'apertium';

/** What each service answers when all is well. */
const PROTOCOLS: Record<
  Name,
  { read(seen: Seen): Record<string, string>; path: string; answer(text: string): unknown }
> = {
  google: {
    path: '/translate_a/single?client=at&dt=t&dt=rm&dj=1',
    read: ({ body }) => {
      const { q, sl, tl } = Object.fromEntries(new URLSearchParams(body));
      return { text: q!, from: sl!, to: tl! };
    },
    answer: (text) => ({
      sentences: [{ trans: text.slice(0, 3), orig: 'x' }, { trans: text.slice(3), orig: 'y' }, { src_translit: 'z' }],
      src: 'en',
    }),
  },
  libretranslate: {
    path: '/translate',
    read: ({ body }) => {
      const { q, source, target } = JSON.parse(body);
      return { text: q, from: source, to: target };
    },
    answer: (text) => ({ translatedText: text }),
  },
  apertium: {
    path: '/translate',
    read: ({ body }) => {
      const { q, langpair } = Object.fromEntries(new URLSearchParams(body));
      return { text: q!, from: langpair!.split('|')[0]!, to: langpair!.split('|')[1]! };
    },
    answer: (text) => ({ responseData: { translatedText: text }, responseDetails: null, responseStatus: 200 }),
  },
};
const CODES: Record<Name, [from: string, to: string]> = {
  google: ['en', 'fr'],
  libretranslate: ['en', 'fr'],
  apertium: ['eng', 'fra'],
};

let service: Loopback | undefined;
afterEach(async () => {
  await service?.close();
  service = undefined;
});

async function start(reply: Reply): Promise<Loopback> {
  service = await loopback(reply);
  return service;
}

const never = new AbortController().signal;
const ask = (
  tool: ReturnType<typeof translator>,
  text = 'Good morning',
  to = 'French',
  from: string | null = 'English',
) => Promise.resolve(tool.run({ text, to, ...(from === null ? {} : { from }) }, { signal: never }));

describe.each(['google', 'libretranslate', 'apertium'] as const)('the translator through %s', (name) => {
  const { read, path, answer } = PROTOCOLS[name];
  const well: Reply = (_, response) => json(response, answer('Bonjour & bienvenue'));
  const tool = (baseUrl: string, more = {}) => translator({ provider: name, baseUrl, backOffMs: 10, ...more });

  it('asks as the service wants to be asked and gives back the text as it is', async () => {
    const { url, seen } = await start(well);
    expect(await ask(tool(`${url}/`), 'Good "morning" & welcome\n한국어 😀')).toBe('Bonjour & bienvenue');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', path });
    const [from, to] = CODES[name];
    expect(read(seen[0]!)).toEqual({ text: 'Good "morning" & welcome\n한국어 😀', from, to });
  });

  it('remembers recent answers', async () => {
    const { url, seen } = await start(well);
    const translate = tool(url);
    for (const to of ['French', 'français', 'FR', 'fr']) await ask(translate, 'Good morning', to);
    expect(seen).toHaveLength(1);
    await ask(translate, 'Good evening');
    expect(seen).toHaveLength(2);
  });

  it.each([429, 500, 503])('tries once more after status %i', async (status) => {
    const { url, seen } = await start((request, response, count) =>
      count === 1 ? json(response, { error: 'busy' }, status) : well(request, response, count),
    );
    expect(await ask(tool(url))).toBe('Bonjour & bienvenue');
    expect(seen).toHaveLength(2);
  });

  it.each([
    [429, 'the translation service asks to wait (too many requests)', 2],
    [500, 'the translation service answered with status 500', 2],
    [403, 'the translation service answered with status 403', 1],
  ])('says that status %i does not go away', async (status, message, requests) => {
    const { url, seen } = await start((_, response) => json(response, { error: 'no' }, status));
    await expect(ask(tool(url))).rejects.toMatchObject({ name: 'ToolError', message });
    expect(seen).toHaveLength(requests);
  });

  it.each([
    ['broken JSON', '{"sentences": [{"trans": "Bon'],
    ['a web page', '<html>Sorry</html>'],
    ['JSON of another shape', '{"ok":true}'],
    ['null', 'null'],
    ['an empty answer', ''],
  ])('says that %s cannot be read', async (_, text) => {
    const { url } = await start((_, response) => response.end(text));
    const message = 'the translation service gave an answer that cannot be read';
    await expect(ask(tool(url))).rejects.toMatchObject({ name: 'ToolError', message });
  });

  it('says that a slow service did not answer in time', async () => {
    const { url } = await start((_, response) => void setTimeout(() => response.end('late'), 3000).unref());
    const message = 'the translation service did not answer in time';
    const began = performance.now();
    await expect(ask(tool(url, { deadlineMs: 150 }))).rejects.toMatchObject({ name: 'ToolError', message });
    expect(performance.now() - began).toBeLessThan(1500);
  });

  it('says so too when the answer begins and never ends', async () => {
    const { url } = await start((_, response) => void response.write('{"'));
    const message = 'the translation service did not answer in time';
    await expect(ask(tool(url, { deadlineMs: 150 }))).rejects.toMatchObject({ name: 'ToolError', message });
  });

  it.each([
    ['closes the socket', (response: Parameters<Reply>[1]) => response.destroy()],
    [
      'closes it in mid-answer',
      (response: Parameters<Reply>[1]) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"');
        setTimeout(() => response.destroy(), 20);
      },
    ],
  ])('says that a service that %s cannot be reached', async (what, misbehave) => {
    const { url } = await start((_, response) => misbehave(response));
    // node-fetch 2, below google's package, does not notice the end of a connection in mid-answer: there the deadline does.
    const unnoticed = name === 'google' && what === 'closes it in mid-answer';
    const message = `the translation service ${unnoticed ? 'did not answer in time' : 'cannot be reached'}`;
    await expect(ask(tool(url, { deadlineMs: 600 }))).rejects.toMatchObject({ name: 'ToolError', message });
  });

  it('says that a service that is not there cannot be reached', async () => {
    const { url, close } = await loopback(well);
    await close();
    const message = 'the translation service cannot be reached';
    await expect(ask(tool(url))).rejects.toMatchObject({ name: 'ToolError', message });
  });

  it('stops at once when the answer is cancelled', async () => {
    const { url } = await start((_, response) => void setTimeout(() => response.end('late'), 3000).unref());
    const cancel = new AbortController();
    const answer = tool(url).run({ text: 'Good morning', to: 'fr', from: 'en' }, { signal: cancel.signal });
    setTimeout(() => cancel.abort(new Error('cancelled')), 50);
    await expect(answer).rejects.toThrow('cancelled');
  });
});

describe('the source language', () => {
  it('is left to google and libretranslate', async () => {
    for (const name of ['google', 'libretranslate'] as const) {
      const { url, seen, close } = await loopback((_, response) => json(response, PROTOCOLS[name].answer('Bonjour')));
      await ask(translator({ provider: name, baseUrl: url }), 'Hi', 'French', null);
      expect(PROTOCOLS[name].read(seen[0]!).from).toBe('auto');
      await close();
    }
  });

  const apy =
    (guesses: unknown, sources: string[]): Reply =>
    (request, response) => {
      if (request.path === '/identifyLang') return json(response, guesses);
      const pairs = sources.map((source) => ({ sourceLanguage: source, targetLanguage: 'spa' }));
      if (request.path === '/listPairs') return json(response, { responseData: pairs });
      return json(response, PROTOCOLS.apertium.answer(PROTOCOLS.apertium.read(request).from!));
    };

  it('is what apertium takes it for', async () => {
    const { url } = await start(apy({ cat: 0.2, eng: 0.7 }, []));
    expect(await ask(translator({ provider: 'apertium', baseUrl: url }), 'Hi', 'Spanish', null)).toBe('eng');
  });

  it('is the only one there is where apertium cannot guess', async () => {
    const { url } = await start(apy({}, ['eng']));
    expect(await ask(translator({ provider: 'apertium', baseUrl: url }), 'Hi', 'Spanish', null)).toBe('eng');
  });

  it.each([
    [['eng', 'cat'], 'the translation service needs to know the source language'],
    [[], 'the translation service does not translate between these languages'],
  ])('must be said where %j could be meant', async (sources, message) => {
    const { url } = await start(apy({}, sources));
    const answer = ask(translator({ provider: 'apertium', baseUrl: url }), 'Hi', 'Spanish', null);
    await expect(answer).rejects.toMatchObject({ name: 'ToolError', message });
  });
});

describe('the translator', () => {
  const echo: TranslationProvider = {
    name: 'echo',
    baseUrl: '',
    translate: async ({ text, to, from }) => `${text}|${to}|${from ?? ''}`,
  };

  it.each([
    ['French', 'fr'],
    ['français', 'fr'],
    ['FRANCAIS', 'fr'],
    ['fr', 'fr'],
    ['한국어', 'ko'],
    ['프랑스어', 'fr'],
    ['日本語', 'ja'],
    ['pt-br', 'pt-BR'],
    ['Brazilian Portuguese', 'pt-BR'],
    ['Chinese', 'zh'],
    ['traditional Chinese', 'zh-Hant'],
    ['zh-TW', 'zh-Hant'],
    ['zh-Hant-TW', 'zh-Hant'],
    ['zh-MO', 'zh-Hant'],
    ['zh-CN', 'zh-Hans'],
    ['deu', 'de'],
    ['हिन्दी', 'hi'],
    ['العربية', 'ar'],
    ['Tagalog', 'fil'],
  ])('takes %s for %s', async (to, code) => {
    expect(await ask(translator({ provider: echo }), 'Hi', to, null)).toBe(`Hi|${code}|`);
  });

  it.each(['Klingonese', 'xx', '', 'toString', '__proto__', 'French and German', 'x'.repeat(500)])(
    'refuses the language %s',
    async (to) => {
      await expect(ask(translator({ provider: echo }), 'Hi', to)).rejects.toMatchObject({
        name: 'ToolError',
        message: expect.stringMatching(/^`.{0,40}` is not a known language$/),
      });
    },
  );

  it('refuses no text and too much of it', async () => {
    const tool = translator({ provider: echo });
    await expect(ask(tool, '  ')).rejects.toThrow('there is no text to translate');
    await expect(ask(tool, 'a'.repeat(5001))).rejects.toThrow('the text is longer than 5000 characters');
    expect(await ask(tool, 'a'.repeat(5000))).toContain('|fr|en');
  });

  it('does not wait for a provider that takes no notice of its signal', async () => {
    const deaf = { ...echo, translate: () => new Promise<string>(() => {}) };
    await expect(ask(translator({ provider: deaf, deadlineMs: 50 }))).rejects.toThrow('did not answer in time');
  });

  it('forgets a failure', async () => {
    let count = 0;
    const shaky = { ...echo, translate: async () => (++count === 1 ? Promise.reject(new Error('once')) : 'Bonjour') };
    const tool = translator({ provider: shaky });
    await expect(ask(tool)).rejects.toThrow('once');
    expect(await ask(tool)).toBe('Bonjour');
  });

  it('refuses options that do not fit, at once', () => {
    expect(() => translator({ provider: 'deepl' as 'google' })).toThrow(
      'Expected `provider` to be google, libretranslate, apertium or an object with `translate`, got "deepl"',
    );
    for (const baseUrl of ['localhost:5000', 'ftp://example.org', ''])
      expect(() => translator({ baseUrl })).toThrow('Expected `baseUrl` to be an http or https address');
    for (const deadlineMs of [0, 1.5, Number.NaN, 2147481648, '8000' as never])
      expect(() => translator({ deadlineMs })).toThrow(
        `Expected \`deadlineMs\` to be a whole number from 1 to 2147481647, got ${deadlineMs}`,
      );
    expect(translator({ deadlineMs: 2147481647 }).timeoutMs).toBe(2147483647);
    expect(() => translator({ backOffMs: '5' as never })).toThrow('Expected `backOffMs` to be a number >= 0, got 5');
    expect(() => translator({ provder: 'google' } as object)).toThrow(
      'Expected options among provider, baseUrl, deadlineMs, backOffMs, got `provder`',
    );
  });
});
