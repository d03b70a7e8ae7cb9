// The key of a run: what decides the result changes it, and nothing else does.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineInfo, parseTrainingConfig, type TrainingConfigInput } from '@bitnetmcu/trainer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';
import { engineMeaning, type RunBasis, runKey } from './run-key.js';

const engine: EngineInfo = { kind: 'wasm', simd: 'simd128', threads: 1 };
const basis = { datasetSha256: 'a'.repeat(64), engine };
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
      key({ network: 'fc-12k' }),
      key({ optimizer: { kind: 'sgd' } }),
      key({ data: { kind: 'fashion-mnist' } }),
      key({}, { targets: ['ch32v003'] }),
      key({}, { test: true }),
      key({}, { datasetSha256: 'b'.repeat(64) }),
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
    expect(() => taught('missing.bnc')).toThrow(expect.objectContaining({ code: 'file-error' }));
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
