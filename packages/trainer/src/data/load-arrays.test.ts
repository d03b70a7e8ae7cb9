// Arrays with a test part of their own: groups stay those of the training part, and both parts have one scale.
import { describe, expect, it } from 'vitest';
import { loadDataset } from './data-spec.js';
import { dataFolder, npy } from './testing/data-files.js';

const { save } = dataFolder();

const classes = (count: number) =>
  npy(
    Uint8Array.from({ length: count }, (_, i) => i % 2),
    count,
  );
const parts = {
  kind: 'npy',
  trainLabels: save('y.npy', classes(60)),
  testLabels: save('y-test.npy', classes(20)),
} as const;
const bytes = Uint8Array.from({ length: 240 }, (_, i) => (i * 37) % 256);

describe('arrays with a test part', () => {
  it('keep the groups of the training samples, which validation goes by', async () => {
    const groups = Uint8Array.from({ length: 60 }, (_, i) => Math.floor(i / 6));
    const { train, test } = await loadDataset({
      ...parts,
      trainImages: save('x.npy', npy(Float32Array.from(bytes, Math.sin), 60, 4)),
      testImages: save('x-test.npy', npy(Float32Array.from(bytes.subarray(0, 80), Math.cos), 20, 4)),
      groups: save('groups.npy', npy(groups, 60)),
    });
    expect([...train.groups!]).toEqual([...groups]);
    expect([...new Set(test.groups)]).toEqual([10]);
  });

  it('have bytes in both, or are refused', async () => {
    const spec = { ...parts, trainImages: save('bytes.npy', npy(bytes, 60, 4)) };
    const tested = (name: string, values: Float32Array | Int16Array) =>
      loadDataset({ ...spec, testImages: save(`${name}.npy`, npy(values, 20, 4)) });
    const shares = Float32Array.from(bytes.subarray(0, 80), (value) => value / 255);
    await expect(tested('shares', shares)).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringMatching(/value 1 of sample 0 is 0\.145.*the training samples are bytes/),
    });
    await expect(
      tested(
        'large',
        Int16Array.from(shares, (_, i) => 100 * i),
      ),
    ).rejects.toThrow(/sample 0 is 300/);
    const whole = await tested('whole', Float32Array.from(bytes.subarray(0, 80)));
    const same = await loadDataset({ ...spec, testImages: save('same.npy', npy(bytes.slice(0, 80), 20, 4)) });
    expect(whole.sha256).toBe(same.sha256);
  });
});
