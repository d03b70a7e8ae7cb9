import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { sampleCheckpoint } from './testing/sample-checkpoint.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-checkpoint-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('checkpoint', () => {
  it('comes back as it was, to the bit', () => {
    const checkpoint = sampleCheckpoint();
    const { test, ...back } = decodeCheckpoint(encodeCheckpoint(checkpoint));
    expect(test).toBeUndefined();
    expect(back).toEqual(checkpoint);
    expect(Object.is(back.network.parameters['fc1.weight']![5], -0)).toBe(true);
    const finished = { ...checkpoint, config: { ...checkpoint.config, epochs: 1 }, step: 0 };
    const totals = { loss: 0, correct: 0, samples: 0 };
    const score = { loss: 1, accuracy: 0 };
    expect(decodeCheckpoint(encodeCheckpoint({ ...finished, totals, test: score })).test).toEqual(score);
  });

  it('replaces a file whole and leaves nothing beside it', () => {
    const path = join(folder, 'made', 'on', 'the', 'way', 'c.bnc');
    writeCheckpoint(path, sampleCheckpoint());
    writeCheckpoint(path, { ...sampleCheckpoint(), epoch: 0, history: [] });
    expect(readCheckpoint(path).epoch).toBe(0);
    expect(readdirSync(join(path, '..'))).toEqual(['c.bnc']);
  });

  it('says which file cannot be used and why', () => {
    const path = join(folder, 'x.bnc');
    expect(() => readCheckpoint(path)).toThrow(expect.objectContaining({ code: 'invalid-checkpoint' }));
    writeFileSync(path, encodeCheckpoint(sampleCheckpoint()).subarray(0, -7));
    expect(() => readCheckpoint(path)).toThrow(/x\.bnc cannot be used:.*checkpoint/);
    expect(existsSync(path)).toBe(true);
  });

  it('refuses numbers that do not belong together', () => {
    const checkpoint = sampleCheckpoint();
    for (const change of [
      { epoch: 2 },
      { epoch: 1.5 },
      { step: -1 },
      { engine: { kind: 'abacus' } },
      { history: [{}] },
    ]) {
      const bytes = encodeCheckpoint({ ...checkpoint, ...change } as never);
      expect(() => decodeCheckpoint(bytes)).toThrow(expect.objectContaining({ code: 'invalid-checkpoint' }));
    }
    const { network } = checkpoint;
    const parameters = { ...network.parameters, 'fc1.weight': Float32Array.of(1, 2) };
    const bytes = encodeCheckpoint({ ...checkpoint, network: { ...network, parameters } });
    expect(() => decodeCheckpoint(bytes)).toThrow(/fc1\.weight/);
  });
});
