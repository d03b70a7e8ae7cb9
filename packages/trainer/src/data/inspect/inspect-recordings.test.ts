// What looking at a folder of recordings proposes, and that it is what is read.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DataSpecInput, loadDataset } from '../data-spec.js';
import { wav } from '../testing/wav.js';
import { inspectData } from './inspect-data.js';
import type { Overrides } from './inspection.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-recordings-'));
  for (const [name, rate] of Object.entries({ eight: 8000, compact: 44_100 })) {
    for (const [label, hertz] of Object.entries({ high: 3000, low: 300 })) {
      for (let i = 0; i < 4; i++) {
        const values = { length: rate };
        const tone = Int16Array.from(values, (_, t) => 9000 * Math.sin((2 * Math.PI * (hertz + 5 * i) * t) / rate));
        const path = join(folder, name, label, `${i}.wav`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, wav(rate, tone));
      }
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function lookAt(name: string, overrides: Overrides = {}) {
  const { spec, assumptions } = await inspectData(join(folder, name), overrides);
  const { shape, frontEnd } = await loadDataset(spec as DataSpecInput);
  return { spec: spec as Record<string, unknown>, said: assumptions.map(({ what }) => what), shape, frontEnd };
}

describe('recordings of which nothing is asked', () => {
  it('are read as log-mel of frames of 32 ms, said with what undoes it', async () => {
    const { spec, said, shape } = await lookAt('eight');
    expect(spec).toMatchObject({ rate: 8000, window: 8000, features: ['mel:16'] });
    expect(said).toContain('features: mel:16');
    // Frames of 256 values, a new one every 128: (8000 − 256) / 128 + 1 of them.
    expect(shape).toEqual([16, 1, 61]);
  });

  it('are brought to 16 kHz at most, and to what is asked for', async () => {
    expect((await lookAt('compact')).spec).toMatchObject({ rate: 16_000, window: 16_000 });
    expect((await lookAt('compact', { rate: 22_050 })).spec).toMatchObject({ rate: 22_050, window: 22_050 });
  });
});

describe('recordings as they are', () => {
  it.each<[string, Overrides, readonly number[]]>([
    ['where none are wanted', { features: ['none'] }, [1, 1, 8000]],
    ['where a window has too few frames', { window: 900 }, [1, 1, 900]],
    ['where their type is asked for', { rawType: 'i32' }, [1, 1, 8000]],
  ])('%s', async (_, overrides, wanted) => {
    const { spec, shape, frontEnd } = await lookAt('eight', overrides);
    expect(spec.features).toBeUndefined();
    expect(frontEnd).toBeUndefined();
    expect(shape).toEqual(wanted);
  });

  it.each<[Overrides]>([[{ features: ['none'] }], [{ window: 1000 }]])('keep their rate: %j', async (overrides) => {
    const { spec } = await lookAt('compact', overrides);
    expect(spec).toMatchObject({ rate: 44_100 });
    expect(spec.features).toBeUndefined();
  });
});

it('other features take the place of log-mel', async () => {
  expect((await lookAt('eight', { features: ['rms'] })).spec.features).toEqual(['rms']);
  expect((await lookAt('eight', { task: 'anomaly', normal: 'high' })).spec).toMatchObject({
    window: 256,
    features: ['mel:16'],
  });
});
