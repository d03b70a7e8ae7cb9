// YAML: the values that a second parser gives, and hostile documents that once hung or ended the process.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFIG_LIMITS } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { parseYamlDocument } from './yaml-document.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');

/** Every YAML file of the project and every YAML block of its documentation. */
function projectDocuments(): string[] {
  const documents: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (
          !['node_modules', 'dist', '.git', '.turbo', '.cache', 'build', 'runs', 'demo-out', 'failures'].includes(
            entry.name,
          )
        )
          visit(path);
      } else if (/\.ya?ml$/.test(entry.name) && entry.name !== 'pnpm-lock.yaml') {
        documents.push(readFileSync(path, 'utf8'));
      } else if (entry.name.endsWith('.md')) {
        for (const [, block] of readFileSync(path, 'utf8').matchAll(/```yaml\n(.*?)```/gs)) documents.push(block!);
      }
    }
  };
  visit(root);
  return documents;
}

/** What configurations hold, in every notation. */
const NOTATIONS = [
  'a: 1e3\nb: 0o17\nc: 0x1F\nd: .5\ne: -0.25\nf: +1\ng: 1_000\nh: 017',
  'a: yes\nb: true\nc: False\nd: ~\ne:\nf: null\ng: .inf\nh: 2001-01-01',
  "a: 'it''s'\nb: \"tab\\tA\\u00e9\"\nc: plain text, with: nothing\n".replace(': nothing', ''),
  'a: |\n  two\n  lines\nb: >-\n  folded\n  text\n',
  'a: [1, [2, 3], {b: c}]\nd: {e: f, g: [h]}',
  'a:\n- 1\n- b: 2\n  c: 3\n-\n  - 4\n',
  '# comment\na: 1 # comment\n\n---\n'.replace('---\n', ''),
  'a: &x {b: 1}\nc: *x\nd: [*x, *x]',
  '{\n\t"json": [1, 2.5, true, null, "x"],\n\t"nested": {"a": {"b": []}}\n}',
  '__proto__: {a: 1}\nconstructor: 2',
  '"1": one\n2: two\ntrue: three',
  '- just\n- a list',
  'scalar',
  '',
];

describe('a second parser', () => {
  it("reads the same values from the project's documents and from every notation", () => {
    const documents = projectDocuments();
    expect(documents.length).toBeGreaterThan(0);
    for (const text of [...documents, ...NOTATIONS]) {
      const second: unknown = parseDocument(text, { logLevel: 'error' }).toJS();
      expect(parseYamlDocument(text) ?? null, text).toEqual(second);
    }
  });
});

const range = (count: number, entry: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => entry(i)).join('');

const HOSTILE: Record<string, { text: string; wanted: RegExp }> = {
  'keys that are keys': { text: `${'? '.repeat(500)}x`, wanted: /nest deeper than 32/ },
  'a list as a key': { text: '? [a, b]\n: c', wanted: /complex keys at line 1, column 1/ },
  'a mapping as a key': { text: '{a: 1}: c', wanted: /complex keys/ },
  'lists in lists': { text: `epochs: ${'['.repeat(3000)}`, wanted: /nest deeper than 32/ },
  'a quarter of a megabyte of lists': { text: '['.repeat(CONFIG_LIMITS.bytes), wanted: /nest deeper than 32/ },
  'mappings in mappings': { text: '{a: '.repeat(2000), wanted: /nest deeper than 32/ },
  'dashes in dashes': { text: '- '.repeat(30_000), wanted: /nest deeper than 32/ },
  'steps of indentation': { text: range(300, (i) => `${' '.repeat(i)}a:\n`), wanted: /nest deeper than 32/ },
  'a list of nothing': { text: `a: [${','.repeat(60_000)}]`, wanted: /found ','/ },
  'more keys than a configuration has': { text: range(25_000, (i) => `k${i}: \n`), wanted: /more than 20000 keys/ },
  'more bytes than a configuration has': { text: `a: ${'x'.repeat(CONFIG_LIMITS.bytes)}`, wanted: /has 262147 bytes/ },
  'aliases that multiply': {
    text: `a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n${range(9, (i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]\n`)}`,
    wanted: /aliases written out/,
  },
  'an alias inside itself': { text: 'a: &a [1, *a]', wanted: /alias \*a stands before or inside/ },
  'an alias of nothing': { text: 'a: *b', wanted: /alias \*b stands before/ },
  'one key twice': { text: 'a: 1\na: 2', wanted: /duplicated mapping key at line 2, column 1/ },
  'a tag that runs code elsewhere': { text: 'a: !!js/function "() => 1"', wanted: /unknown scalar tag/ },
  'two documents': { text: 'a: 1\n---\na: 2', wanted: /2 documents/ },
};

describe('hostile documents are refused with a sentence', () => {
  it.each(Object.keys(HOSTILE))('%s', (name) => {
    const { text, wanted } = HOSTILE[name]!;
    const before = process.cpuUsage().user;
    expect(() => parseYamlDocument(text)).toThrow(wanted);
    expect((process.cpuUsage().user - before) / 1e6, 'seconds of processor time').toBeLessThan(1);
  });

  it('again and again in one process', () => {
    for (let i = 0; i < 200; i++)
      expect(() => parseYamlDocument(`epochs: ${'['.repeat(3000)}`)).toThrow(/nest deeper than 32/);
  });

  it('but the largest allowed are read, quickly', () => {
    const keys = range(19_000, (i) => `k${i}: ${i}\n`);
    const before = process.cpuUsage().user;
    expect(Object.keys(parseYamlDocument(keys) as object)).toHaveLength(19_000);
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(2);
    const nested = `${'['.repeat(CONFIG_LIMITS.depth)}1${']'.repeat(CONFIG_LIMITS.depth)}`;
    expect(JSON.stringify(parseYamlDocument(nested))).toBe(nested);
    expect(() => parseYamlDocument(`[${nested}]`)).toThrow(/nest deeper than 32/);
  });
});
