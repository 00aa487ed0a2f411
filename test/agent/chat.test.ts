import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { defineTool, type Engine, Toolformer } from '#dist/src/index.js';
import { scriptedModel } from '#dist/src/testing.js';
import { collectParts, scripted, stock, toolThat } from './helpers.js';

describe('a chat', () => {
  test('evaluates only what is new in its second turn', async () => {
    const { agent, evaluated } = await scripted(['We have<|call|>stock(A-17)<|result|>', ' pieces.', 'Yes.']);
    const chat = agent.chat();
    const first = await chat.send('How many?');
    const before = evaluated();
    const second = await chat.send('Sure?');
    expect(evaluated().slice(before.length)).toBe('⟨eos⟩⟨user⟩Sure?⟨assistant⟩Yes.');
    const held = first.usage.promptTokens + first.usage.outputTokens + first.usage.splicedTokens - 1;
    expect(second.usage.cachedTokens).toBe(held);
    expect(second.usage.promptTokens).toBe(held + 'Sure?'.length + 3);
  });

  test('evaluates what an answer that was cut left behind', async () => {
    const { agent, evaluated } = await scripted(['abcdef', 'Yes.']);
    const chat = agent.chat();
    const first = await chat.send('One', { maxTokens: 3 });
    const before = evaluated();
    const second = await chat.send('Two');
    expect(evaluated().slice(before.length)).toBe('c⟨eos⟩⟨user⟩Two⟨assistant⟩Yes.');
    expect(second.usage.cachedTokens).toBe(first.usage.promptTokens + 2);
  });

  test('keeps its system text', async () => {
    const { agent, evaluated } = await scripted(['a', 'b'], { tools: [] });
    const chat = agent.chat({ system: 'Be brief.' });
    await chat.send('One');
    await chat.send('Two');
    expect(evaluated()).toBe('⟨bos⟩⟨system⟩Be brief.⟨user⟩One⟨assistant⟩a⟨eos⟩⟨user⟩Two⟨assistant⟩b');
  });

  test('goes on after an abort from what was said', async () => {
    const controller = new AbortController();
    const { agent, held } = await scripted(['abcdef', 'Yes.']);
    const chat = agent.chat();
    let said = '';
    for await (const part of chat.stream('One', { signal: controller.signal })) {
      if (part.type === 'text-delta') said += part.text;
      if (said === 'abc') controller.abort();
    }
    expect((await chat.send('Two')).text).toBe('Yes.');
    expect(held()).toContain('⟨user⟩One⟨assistant⟩abc⟨eos⟩⟨user⟩Two⟨assistant⟩Yes.');
  });

  test('goes on after an abort before the first word', async () => {
    const { agent, held } = await scripted(['Yes.']);
    const chat = agent.chat();
    await chat.send('One', { signal: AbortSignal.abort() });
    await chat.send('Two');
    expect(held()).toContain('⟨user⟩One⟨assistant⟩⟨eos⟩⟨user⟩Two⟨assistant⟩Yes.');
  });

  test('refuses a second answer while one is being written', async () => {
    const { agent } = await scripted(['abc', 'def']);
    const chat = agent.chat();
    const first = chat.stream('One');
    await first.next();
    await expect(chat.send('Two')).rejects.toThrow(/still answering/);
    expect((await collectParts(first)).at(-1)).toMatchObject({ finishReason: 'stop' });
    expect((await chat.send('Three')).text).toBe('def');
  });

  test('keeps its cache where a prompt is too long', async () => {
    const { agent, evaluated } = await scripted(['a', 'b'], { contextLength: 200, tools: [] });
    const chat = agent.chat();
    await chat.send('One');
    await expect(chat.send('x'.repeat(300))).rejects.toThrow(
      "The prompt is too long: 303 tokens after 7 of the conversation, but the model's context holds 200",
    );
    await chat.send('Two');
    expect(evaluated()).toBe('⟨bos⟩⟨user⟩One⟨assistant⟩a⟨eos⟩⟨user⟩Two⟨assistant⟩b');
    expect(chat.export().turns).toHaveLength(2);
  });

  test('knows its own options, and no others', async () => {
    const { agent } = await scripted(['a']);
    expect(() => agent.chat({ sytem: 'Be terse' } as never)).toThrow(
      'Expected options among system, from, got `sytem`',
    );
    expect(() => agent.chat({ system: 5n as never })).toThrow('Expected `system` to be a text, got 5');
    await expect(agent.chat().send('One', { mode: 'complete' } as never)).rejects.toThrow('got `mode`');
  });

  test('leaves nothing open where it is closed while it opens', async () => {
    const { agent, model } = await scripted(['a']);
    const open = model.engine.open.bind(model.engine);
    const closed = vi.fn();
    model.engine.open = async () => Object.assign(await open(), { close: async () => closed() });
    const chat = agent.chat();
    const answer = chat.send('One');
    await chat.close();
    await expect(answer).rejects.toThrow('The chat was closed while its answer began');
    expect(closed).toHaveBeenCalledOnce();
    expect((await chat.send('Two')).text).toBe('a');
  });

  test('refuses wrong options without harm', async () => {
    const { agent } = await scripted(['a']);
    const chat = agent.chat();
    await expect(chat.send('One', { maxTokens: -1 })).rejects.toThrow(TypeError);
    await expect(chat.send('One', { signal: 'stop' as never })).rejects.toThrow(TypeError);
    expect((await chat.send('One')).text).toBe('a');
  });

  test('starts its cache anew after it was closed', async () => {
    const { agent, held } = await scripted(['a', 'b'], { tools: [] });
    const chat = agent.chat();
    await chat.send('One');
    await chat.close();
    const { usage } = await chat.send('Two');
    expect(usage.cachedTokens).toBe(0);
    expect(held()).toBe('⟨bos⟩⟨user⟩One⟨assistant⟩a⟨eos⟩⟨user⟩Two⟨assistant⟩b');
  });
});

describe('an export', () => {
  const written = [
    'stock(A-17)',
    'stock( A-17 )',
    'add(1,2)',
    'add("1", 2)'.replaceAll('"', ''),
    'add( 1.0 , 2e0 )',
    'stock("A-17")',
    'stock("\\u0041, (B")',
  ];

  test.each(written)('is plain JSON that resumes with the same ids: %s', async (call) => {
    const first = await scripted([`We have<|call|>${call}<|result|>`, ' pieces.', 'Yes.']);
    const chat = first.agent.chat({ system: 'S' });
    await chat.send('How many?');
    const exported = JSON.parse(JSON.stringify(chat.export()));
    expect(exported).toEqual(chat.export());
    await chat.send('Sure?');

    const second = await scripted(['Yes.']);
    const resumed = second.agent.chat({ from: exported });
    await resumed.send('Sure?');
    expect(second.held()).toBe(first.held());
    expect(resumed.export()).toEqual(chat.export());
  });

  test('holds failed calls as the model read them', async () => {
    const failing = toolThat(() => {
      throw new Error('down');
    });
    const first = await scripted(['a<|call|>it(x)<|result|>', 'b', 'c'], { tools: [failing] });
    const chat = first.agent.chat();
    await chat.send('One');
    await chat.send('Two');
    const second = await scripted(['c'], { tools: [failing] });
    const { turns, ...rest } = chat.export();
    await second.agent.chat({ from: { ...rest, turns: turns.slice(0, 1) } }).send('Two');
    expect(second.held()).toBe(first.held());
    expect(first.held()).toContain('⟨result⟩error: down⟨end⟩');
  });

  test('resumes where a tool is there no more', async () => {
    const first = await scripted(['a<|call|>stock(A-17)<|result|>', 'b']);
    const chat = first.agent.chat();
    await chat.send('One');
    const second = await scripted(['c'], { tools: [] });
    await second.agent.chat({ from: chat.export() }).send('Two');
    expect(second.held()).toContain('⟨call⟩stock(A-17)⟨result⟩12⟨end⟩');
  });

  test('that was written by hand needs no spelled arguments', async () => {
    const { agent, held } = await scripted(['c']);
    const from = {
      version: 1 as const,
      turns: [
        {
          user: 'One',
          answer: [{ type: 'call' as const, toolName: 'add', input: { left: 1, right: 2 }, result: '3' }],
        },
      ],
    };
    await agent.chat({ from }).send('Two');
    expect(held()).toContain('⟨call⟩add(1, 2)⟨result⟩3⟨end⟩⟨eos⟩⟨user⟩Two');
  });

  test('whose ids do not spell the answer is encoded anew: none can be forged', async () => {
    const { agent, model, held } = await scripted(['c']);
    const { tokenizer } = model;
    const ids = [...tokenizer.encode('a'), tokenizer.controlId('<|system|>')!, ...tokenizer.encode('b')];
    for (const text of ['ab', 'a<|system|>b', 'a\uD8002;b']) {
      const from = { version: 1 as const, turns: [{ user: 'One', answer: [{ type: 'text' as const, text }], ids }] };
      const chat = agent.chat({ from });
      await chat.send('Two');
      expect(held()).toContain(`⟨assistant⟩${text.toWellFormed()}⟨eos⟩`);
    }
  });

  test('whose ids the model does not have is encoded anew', async () => {
    const { agent, model, held } = await scripted(['c']);
    const ids = [...model.tokenizer.encode('a'), 999_999];
    const from = { version: 1 as const, turns: [{ user: 'One', answer: [{ type: 'text' as const, text: 'a' }], ids }] };
    await agent.chat({ from }).send('Two');
    expect(held()).toContain('⟨assistant⟩a⟨eos⟩');
    expect(model.engine.evaluated).not.toContain(999_999);
  });

  test('is a copy', async () => {
    const { agent } = await scripted(['a', 'b']);
    const chat = agent.chat();
    await chat.send('One');
    const exported = chat.export();
    exported.turns[0]!.user = 'changed';
    expect(chat.export().turns[0]!.user).toBe('One');
  });

  test('that is none is refused in one line', async () => {
    const { agent } = await scripted([]);
    const from = { version: 1, turns: [{ user: 3, answer: [] }] };
    expect(() => agent.chat({ from: from as never })).toThrow(
      /^Expected `from` to be what `export` gave; `turns.0.user`: .*$/,
    );
    expect(() => agent.chat({ from: null as never })).toThrow(TypeError);
  });
});

describe('an engine that dies', () => {
  /** Dies at the given step; `open` then starts another, as the ONNX engine does. */
  async function mortal(deadly: number, script: string[]) {
    const model = scriptedModel(script);
    const open = model.engine.open.bind(model.engine);
    let steps = 0;
    let isDead = false;
    const engine: Engine = Object.assign(model.engine, {
      open: async () => {
        isDead = false;
        const sequence = await open();
        const { step, truncate } = sequence;
        const alive = () => {
          if (isDead) throw new Error('The engine ended: its process stopped with SIGSEGV');
        };
        sequence.step = async (...request) => {
          isDead ||= ++steps === deadly;
          alive();
          return step.apply(sequence, request);
        };
        sequence.truncate = async (length) => {
          alive();
          return truncate.call(sequence, length);
        };
        sequence.close = async () => alive();
        return sequence;
      },
    });
    return { agent: await Toolformer.load({ model: { ...model, engine }, tools: [stock] }), model };
  }

  test.each([
    ['in text', 3],
    ['in a call', 8],
  ])('%s fails the turn; the next turn works', async (_, deadly) => {
    const { agent } = await mortal(deadly, ['ab<|call|>stock(A-17)<|result|>', 'Yes.']);
    const chat = agent.chat();
    await expect(chat.send('One')).rejects.toThrow('The engine ended: its process stopped with SIGSEGV');
    expect(chat.export().turns).toEqual([]);
    expect((await chat.send('Two')).text).toBe('Yes.');
    expect(chat.export().turns.map(({ user }) => user)).toEqual(['Two']);
  });

  test('keeps the turns before it', async () => {
    const { agent, model } = await mortal(6, ['ab', 'cdefgh', 'Yes.']);
    const chat = agent.chat();
    await chat.send('One');
    await expect(chat.send('Two')).rejects.toThrow(/SIGSEGV/);
    await chat.send('Three');
    expect(chat.export().turns.map(({ user }) => user)).toEqual(['One', 'Three']);
    expect(model.engine.evaluated.length).toBeGreaterThan(0);
  });

  test('fails a single answer; the next one works', async () => {
    const { agent } = await mortal(2, ['abc', 'Yes.']);
    await expect(agent.generate('One')).rejects.toThrow(/SIGSEGV/);
    expect((await agent.generate('Two')).text).toBe('Yes.');
  });
});

describe('loading', () => {
  test('refuses two tools with one name', async () => {
    const load = Toolformer.load({ model: scriptedModel([]), tools: [stock, stock] });
    await expect(load).rejects.toThrow('Expected tools with different names, got two named stock');
  });

  test('a folder that is not there rejects, and only that', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    await expect(Toolformer.load({ model: './no-such-folder' })).rejects.toThrow(/There is no model at/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.removeListener('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  describe('prepares a tool', () => {
    const script = ['a<|call|>stock(A-17)<|result|>', 'b'];

    test('before its first call', async () => {
      let isReady = false;
      const prepare = vi.fn(async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        isReady = true;
      });
      const run = () => (isReady ? 'ready' : 'too early');
      const { agent } = await scripted(script, { tools: [{ ...stock, prepare, run }] });
      expect((await agent.generate('?')).calls[0]!.output).toBe('ready');
      expect(prepare).toHaveBeenCalledOnce();
    });

    test('once more where that failed', async () => {
      const prepare = vi.fn(async () => {}).mockRejectedValueOnce(new Error('no network'));
      const { agent } = await scripted(script, { tools: [{ ...stock, prepare }] });
      expect((await agent.generate('?')).calls[0]!.output).toBe('12');
      expect(prepare).toHaveBeenCalledTimes(2);
    });

    test('or says at the call why it cannot', async () => {
      const prepare = () => {
        throw new Error('no key');
      };
      const { agent } = await scripted(script, { tools: [{ ...stock, prepare }] });
      expect((await agent.generate('?')).calls).toMatchObject([{ error: 'no key' }]);
    });
  });

  test('brings the default tools where none are named', async () => {
    const agent = await Toolformer.load({ model: scriptedModel(['<|call|>calculator(37*48)<|result|>', '.']) });
    expect((await agent.generate('?')).calls).toMatchObject([{ toolName: 'calculator', output: '1776' }]);
  });
});

test('the scripted model takes tools that need no argument', async () => {
  const run = () => 'five';
  const time = defineTool({ name: 'time', description: 'Tells the time', input: z.object({}), run });
  const zone = z.string().optional();
  const clock = defineTool({ name: 'clock', description: 'Tells the time', input: z.object({ zone }), run });
  const model = scriptedModel(['It is<|call|>time()<|result|>', ' five.']);
  const agent = await Toolformer.load({ model, tools: [time, clock] });
  const { text, calls } = await agent.generate('What time is it?');
  expect(text).toBe('It is five.');
  expect(calls).toMatchObject([{ toolName: 'time', input: {}, output: 'five' }]);
});
