// Text in C: every string of up to six characters of those that end, open or continue something, in the contexts where text stands.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import type { QuantizedModel } from '@bitnetmcu/models';
import { presets } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { lexC, literalBytes } from '../__fixtures__/c-lexer.js';
import { randomNetwork, randomNumbers } from '../__fixtures__/random-network.js';
import { quantize } from '../quantize.js';
import { cComment, cIdentifier, cJsonString, cString, wrapValues } from './c-text.js';
import { headComment } from './head-comment.js';

const ALPHABET = ['*', '/', '\\', '?', ' ', 'x', '\n'];

/** All strings of the alphabet with at most so many characters: (7^(n+1) − 1)/6. */
function allStrings(longest: number): string[] {
  let last = [''];
  const all = [''];
  for (let length = 1; length <= longest; length++) {
    last = last.flatMap((text) => ALPHABET.map((character) => text + character));
    all.push(...last);
  }
  return all;
}

const STRINGS = allStrings(6);

/** Strings of any UTF-16 units, lone surrogates among them, mixed with the alphabet and quotes. */
function randomStrings(count: number): string[] {
  const random = randomNumbers(7);
  const pick = (below: number) => Math.floor(random() * below);
  const unit = () =>
    [ALPHABET[pick(7)]!, '"', "'", '=', '(', '!', String.fromCharCode(pick(256)), String.fromCharCode(pick(65_536))][
      pick(8)
    ]!;
  return Array.from({ length: count }, () => Array.from({ length: pick(24) }, unit).join(''));
}

const PRINTABLE_LINES = /^[\x20-\x7e\n]*$/;
const { model } = quantize(randomNetwork(presets['fc-1k'].build(10), 1));
const SIZES = { weightBytes: 1, ramBytes: 1, macs: 1, inputs: 1, outputs: 1, staticBytes: { m_infer: 8 } };

/** Everything is a comment up to `after`, and `after` is still there. */
function expectComment(source: string, what: string): void {
  const tokens = lexC(`${source} after`).filter(({ text }) => text !== '\n');
  if (tokens.length === 2 && tokens[0]!.kind === 'comment' && tokens[1]!.text === 'after') return;
  expect.unreachable(`${JSON.stringify(what)} gives ${JSON.stringify(source)}`);
}

function expectAllComments(strings: readonly string[]): void {
  for (const text of strings) {
    const comment = cComment(text);
    if (!PRINTABLE_LINES.test(comment) || comment.includes('\n')) expect.unreachable(JSON.stringify([text, comment]));
    expectComment(`/* ${comment}: 4 -> 2 */`, text);
    expectComment(`/* ${comment} */`, text);
    expectComment(`// ${comment}\n`, text);
  }
  // The real comment at the top of a file, with the strings as titles of metrics, labels and everything else that is text.
  for (let at = 0; at < strings.length; at += 45) {
    const some = strings.slice(at, at + 45);
    const [a = '', b = '', c = '', d = '', e = ''] = some;
    const hostile: QuantizedModel = {
      ...model,
      labels: some,
      provenance: {
        ...{ title: a, tool: b, created: c, dataset: d, datasetSha256: e, config: some },
        metrics: Object.fromEntries(some.map((text) => [text, 0.5])),
      },
    };
    const comment = headComment(hostile, SIZES);
    if (!PRINTABLE_LINES.test(comment)) expect.unreachable(comment);
    expectComment(comment, JSON.stringify(some));
  }
}

/** The literal is one token on its line, with the bytes of the text. */
function expectAllStrings(
  strings: readonly string[],
  literal: (text: string) => string,
  bytes: (text: string) => Uint8Array,
): void {
  for (const text of strings) {
    const source = `#define LABELS { ${literal(text)}, "x" }\nafter`;
    if (!PRINTABLE_LINES.test(source)) expect.unreachable(JSON.stringify([text, source]));
    const [define, name, open, found, ...rest] = lexC(source).map((token) => token.text);
    const isAlone = [define, name, open].join(' ') === '#define LABELS {' && rest.join('') === ',"x"}\nafter';
    if (!isAlone || Buffer.compare(Buffer.from(literalBytes(found!)), bytes(text)) !== 0)
      expect.unreachable(JSON.stringify([text, source]));
  }
}

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('C text', () => {
  it('takes all 137 257 strings of six characters and random Unicode into comments', () => {
    expect(STRINGS).toHaveLength((7 ** 7 - 1) / 6);
    expectAllComments(STRINGS);
    expectAllComments(randomStrings(20_000));
  }, 60_000);

  it('takes them into string literals, byte for byte', () => {
    expectAllStrings(STRINGS.slice(0, 20_000), cString, utf8);
    expectAllStrings(randomStrings(10_000), cString, utf8);
    const isJson = (text: string) => {
      const literal = cJsonString({ text });
      // A JSON parser reads the literal as the C compiler does.
      if (JSON.parse(JSON.parse(literal)).text !== text) expect.unreachable(JSON.stringify(text));
      return literal;
    };
    expectAllStrings([...STRINGS.slice(0, 5000), ...randomStrings(5000)], isJson, (text) =>
      utf8(JSON.parse(cJsonString({ text })) as string),
    );
    for (const text of STRINGS) {
      // The rest is seen by its characters: nothing but what stands for itself in every literal.
      if (!/^"(?:[ !#->@-[\]-~]|\\[0-7]{3})*"$/.test(cString(text))) expect.unreachable(JSON.stringify(text));
      if (!/^"(?:[ !#->@-[\]-~]|\\["\\])*"$/.test(cJsonString(text))) expect.unreachable(JSON.stringify(text));
    }
  }, 60_000);

  it('has a checker that sees what ends a comment, a string or a line', () => {
    for (const text of ['/* a */ b */', '// a \\\n b', '// a ??/\n b', '/* *\\\n/ b */', '/* *??/\n/ b */', '/* a'])
      expect(() => expectComment(text, text), text).toThrow();
    expect(lexC('"a??/" b" c').map(({ text }) => text)).toEqual(['"a\\" b"', 'c']);
    expect(() => lexC('"a\nb"')).toThrow('never ends');
  });

  it.skipIf(hostCompiler().kind === 'missing')(
    'the compiler sees the same: nothing outside comments, all bytes of strings',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-c-text-'));
      const every = [...STRINGS.filter((_, i) => i % 97 === 0), ...STRINGS.slice(0, 400), ...randomStrings(1500)];
      const lines = every.flatMap((text, i) => [
        `/* ${cComment(text)}: 1 */ X${i}`,
        `// ${cComment(text)}`,
        `Y${i} ${cString(text)} ${cJsonString(text)} Z${i}`,
      ]);
      writeFileSync(join(folder, 'text.c'), `${lines.join('\n')}\n`);
      const flags = ['-std=c99', '-trigraphs', '-Wall', '-Wextra', '-Werror', '-E', '-P', 'text.c'];
      const { status, stdout, stderr } = spawnSync('cc', flags, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
      rmSync(folder, { recursive: true });
      expect([stderr, status]).toEqual(['', 0]);
      const seen = stdout.split('\n').map((line) => line.trim());
      expect(seen.filter((line) => line !== '')).toEqual(
        every.flatMap((text, i) => [`X${i}`, `Y${i} ${cString(text)} ${cJsonString(text)} Z${i}`]),
      );
    },
  );

  it('keeps comments readable', () => {
    expect(cComment('a */ b /* c ??/ d \\\n e')).toBe('a * / b / * c ? ?/ d / e');
    expect(cComment('*\\int(x);\\*')).toBe('* /int(x);/ *');
    expect(cComment('C:\\data\\mnist, größe')).toBe('C:/data/mnist, gr<U+00F6><U+00DF>e');
  });

  it('cuts what is too long for a comment at the top of a file', () => {
    const long = `${'*/ '.repeat(50_000)}end`;
    // One name of 150 kB; two thousand of them would only measure how the engine hashes keys.
    const name = (i: number) => (i === 0 ? long : `${'*/ '.repeat(50)}end ${i}`);
    const metrics = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [name(i), i]));
    const comment = headComment({ ...model, provenance: { tool: long, config: [long], metrics } }, SIZES);
    expectComment(comment, 'long');
    expect(comment.length).toBeLessThan(20_000);
    expect(comment).toContain('1950 metrics more');
    for (const line of comment.split('\n')) expect(line.length).toBeLessThan(125);
  });

  it('makes identifiers that mean nothing yet', () => {
    const identifiers = {
      ...{ 'fc-12k': 'fc_12k', '1.conv': 'm_1_conv', '': 'm', 'A.b': 'a_b', __x__: 'x', модель: 'm' },
      ...{
        main: 'm_main',
        Int: 'm_int',
        class: 'm_class',
        _Bool: 'm_bool',
        EOF: 'm_eof',
        NULL: 'm_null',
        errno: 'm_errno',
      },
      ...{ stdin: 'm_stdin', int8_t: 'm_int8_t', bnm: 'm_bnm', bnm_argmax: 'm_bnm_argmax', Makefile: 'm_makefile' },
      ...{ stdint: 'm_stdint', Arduino: 'm_arduino', 'self-test': 'm_self_test', aux: 'm_aux', Serial: 'm_serial' },
    };
    for (const [text, expected] of Object.entries(identifiers)) expect(cIdentifier(text), text).toBe(expected);
  });

  it('wraps tables', () => {
    expect(wrapValues(['1', '22', '333'], 6)).toEqual(['  1, 22,', '  333,']);
    expect(wrapValues([])).toEqual([]);
  });
});
