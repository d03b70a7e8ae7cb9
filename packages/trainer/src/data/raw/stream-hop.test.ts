// Windows of a device are as far apart as those of training.
import type { FrontEnd, RawInput } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data-spec.js';
import { dataFolder } from '../testing/data-files.js';
import { withHop } from './stream-hop.js';

const { save, path } = dataFolder();
const raw = { kind: 'signal', type: 'i16', features: [] } as RawInput;
const frontEnd = { hop: 128 } as FrontEnd;

describe('the hop of an input', () => {
  it.each([
    [{ raw, shape: [3, 1, 64] as const }, 16, 16],
    // Half a window is what devices take by themselves.
    [{ raw, shape: [3, 1, 64] as const }, 32, undefined],
    [{ raw, shape: [3, 1, 64] as const }, 64, 64],
    [{ raw, shape: [3, 1, 64] as const }, 100_000, 65_535],
    // Of 61 frames 128 steps apart: 4000 steps are 31.25 frames, and 3840 are 30.
    [{ raw, shape: [16, 1, 61] as const, frontEnd }, 4000, 31],
    [{ raw, shape: [16, 1, 61] as const, frontEnd }, 3840, undefined],
    [{ raw, shape: [16, 1, 61] as const, frontEnd }, 10, 1],
    [{ raw: { ...raw, kind: 'table' } as RawInput, shape: [5] as const }, 16, undefined],
  ])('%# of %j steps', (input, hop, expected) => expect(withHop(input, hop, undefined).raw.hop).toBe(expected));

  it('is the own one of a model that samples are read for', () => {
    const like = { raw } as Parameters<typeof withHop>[2];
    expect(withHop({ raw, shape: [3, 1, 64] }, 16, like).raw).toBe(raw);
  });
});

it.each([
  [{}, 4, 4],
  [{}, 8, undefined],
  // 16 steps are 3 frames of 8 with a hop of 4; 4 steps are one of them, which is half of 3.
  [{ features: ['rms', 'mean'], frame: 8, frameHop: 4 }, 4, undefined],
  [{ features: ['rms', 'mean'], frame: 8, frameHop: 4 }, 8, 2],
])('windows of a table with %j, a new one every %d, say so to the device', async (keys, hop, expected) => {
  const rows = Array.from({ length: 400 }, (_, i) => `${(i * 37) % 101},${(i * 53) % 89},${i % 100 < 50 ? 'a' : 'b'}`);
  save('signal.csv', ['x,y,state', ...rows].join('\n'));
  const spec = { kind: 'csv', train: `${path}/signal.csv`, labelColumn: 'state', window: 16, hop, ...keys };
  expect((await loadDataset(spec as never)).raw?.hop).toBe(expected);
});
