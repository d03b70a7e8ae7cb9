// The key of a run: what decides the result changes it, and nothing else does.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineInfo, loadDataset, parseTrainingConfig, type TrainingConfigInput } from '@bitnetmcu/trainer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';
import { engineMeaning, packageVersions, type RunBasis, runKey } from './run-key.js';

const engine: EngineInfo = { kind: 'wasm', simd: 'simd128', threads: 1 };
const dataset = { sha256: 'a'.repeat(64), train: {} };
const basis = { dataset, engine };
const base: TrainingConfigInput = { network: 'fc-1k', epochs: 3 };

interface Change extends Partial<RunBasis> {
  readonly targets?: readonly string[];
  readonly test?: boolean;
}

function key(change: TrainingConfigInput = {}, { targets = [], test = false, ...of }: Change = {}): string {
  return runKey({ config: parseTrainingConfig({ ...base, ...change }), targets, test }, { ...basis, ...of });
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-key-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('runKey', () => {
  it('is a SHA-256, the same for the same request', () => {
    expect(key()).toMatch(/^[0-9a-f]{64}$/);
    expect(key()).toBe(key());
  });

  it('does not depend on where files go and stand, on how often checkpoints are written and on threads', () => {
    const data = (path: string) => ({ data: { kind: 'csv', train: path } }) as const;
    expect(key({ output: 'runs/a', checkpointEvery: 7 })).toBe(key());
    expect(key(data('/a/iris.csv'))).toBe(key(data('../b/flowers.csv')));
    expect(key({ data: { kind: 'mnist', path: '/data', offline: true } })).toBe(key({ data: { kind: 'mnist' } }));
    expect(key({}, { engine: { ...engine, threads: 4 } })).toBe(key());
    expect(key({ engine: 'wasm' })).toBe(key({ engine: 'auto' }));
  });

  it('depends on everything else', () => {
    const keys = [
      key(),
      key({ seed: 2 }),
      key({ splitSeed: 2 }),
      key({ learningRate: 2e-3 }),
      key({ validation: 100 }),
      key({ actions: [{ kind: 'average', from: 1 }] }),
      key({ actions: [{ kind: 'average', from: 2 }] }),
      key({ network: 'fc-12k' }),
      key({ optimizer: { kind: 'sgd' } }),
      key({ data: { kind: 'fashion-mnist' } }),
      key({}, { targets: ['ch32v003'] }),
      key({}, { test: true }),
      key({}, { dataset: { ...dataset, sha256: 'b'.repeat(64) } }),
      key({}, { dataset: { ...dataset, missing: { count: 1, means: [1, 2] } } }),
      key({}, { engine: { kind: 'native', simd: 'avx2', threads: 1 } }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('takes teachers by what they are', () => {
    const taught = (name: string) => key({ loss: [{ kind: 'distillation', teacher: join(folder, name) }] });
    for (const [name, content] of [
      ['a.bnc', '1'],
      ['b.bnc', '1'],
      ['c.bnc', '2'],
    ] as const) {
      writeFileSync(join(folder, name), content);
    }
    expect(taught('a.bnc')).toBe(taught('b.bnc'));
    expect(taught('a.bnc')).not.toBe(taught('c.bnc'));
    // Replaced while the process runs, by content of the same length: training would read what is there now.
    const before = taught('a.bnc');
    writeFileSync(join(folder, 'd.bnc'), '2');
    renameSync(join(folder, 'd.bnc'), join(folder, 'a.bnc'));
    expect(taught('a.bnc')).not.toBe(before);
    expect(taught('a.bnc')).toBe(taught('c.bnc'));
    expect(() => taught('missing.bnc')).toThrow(expect.objectContaining({ code: 'file-error' }));
  });
});

describe('packageVersions', () => {
  it('has this package and all of the project that it is made with', () => {
    const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    const used = Object.keys({ ...own.dependencies, ...own.devDependencies }).filter((name) =>
      name.startsWith('@bitnetmcu/'),
    );
    const names = [own.name, ...used].map((name: string) => name.replace('@bitnetmcu/', ''));
    expect(Object.keys(packageVersions()).sort()).toEqual(names.sort());
    expect(packageVersions().studies).toBe(own.version);
  });
});

describe('engineMeaning', () => {
  it('is the arithmetic where the engine says it, whatever it runs on', () => {
    const native = { kind: 'native', simd: 'avx2', threads: 2, arithmetic: 'separate' } as EngineInfo;
    expect(engineMeaning(native)).toBe(engineMeaning({ ...engine, arithmetic: 'separate' } as EngineInfo));
    expect(engineMeaning({ ...native, arithmetic: 'fused' } as EngineInfo)).not.toBe(engineMeaning(native));
    expect(engineMeaning({ ...native, kind: 'tfjs' } as EngineInfo)).not.toBe(engineMeaning(native));
  });
});

describe('canonicalJson', () => {
  it('has one text for one value', () => {
    expect(canonicalJson({ b: [1, { d: undefined, c: 'x' }], a: null })).toBe('{"a":null,"b":[1,{"c":"x"}]}');
    expect(canonicalJson(JSON.parse('{"__proto__": 1, "a": 2}'))).toBe('{"__proto__":1,"a":2}');
    expect(canonicalJson({ 10: 1, 9: 2, ä: 3, z: 4 })).toBe('{"10":1,"9":2,"z":4,"ä":3}');
  });
});

describe('the key of a data set', () => {
  const rows = (factor: number, who: (row: number) => number) =>
    Array.from({ length: 60 }, (_, i) => {
      const [x, y] = [Math.round(100 * Math.sin(i)), Math.round(100 * Math.cos(2 * i))];
      return `${x * factor},${y},p${who(i)},${x > y ? 'a' : 'b'}`;
    });

  /** @param test a part of its own; default: some of the rows */
  async function keyOf(header: string, content: readonly string[], test?: string) {
    const train = join(folder, 'table.csv');
    writeFileSync(train, `${header}\n${content.join('\n')}\n`);
    const described = { kind: 'csv', train, ...(test && { test }), labelColumn: 'class', groups: 'who' } as const;
    const { data } = parseTrainingConfig({ data: described });
    const loaded = await loadDataset(data);
    return { sha256: loaded.sha256, key: key({ data }, { dataset: loaded }) };
  }

  it('depends on units, names and recordings of samples whose scaled bytes are the same', async () => {
    const test = join(folder, 'test.csv');
    const byTen = (row: number) => row % 10;
    const header = 'x,y,who,class';
    const found = [
      await keyOf(header, rows(1, byTen)),
      await keyOf(header, rows(10, byTen)),
      await keyOf('speed,y,who,class', rows(1, byTen)),
    ];
    expect(new Set(found.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
    expect(await keyOf(header, rows(1, byTen))).toEqual(found[0]);
    // With a test part of its own recordings decide what is held out, and no byte.
    writeFileSync(test, `${header}\n${rows(1, byTen).join('\n').replaceAll('p', 'q')}\n`);
    const one = await keyOf(header, rows(1, byTen), test);
    const other = await keyOf(
      header,
      rows(1, (row) => Math.floor(row / 6)),
      test,
    );
    expect(other.sha256).toBe(one.sha256);
    expect(other.key).not.toBe(one.key);
  });
});
