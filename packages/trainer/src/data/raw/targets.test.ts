// Numbers to be predicted that float32 and the decimals of answers cannot tell apart are refused.
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data-spec.js';
import { dataFolder, npy } from '../testing/data-files.js';

const { save } = dataFolder();
const refused = (message: RegExp) => ({ code: 'invalid-data', message: expect.stringMatching(message) });

const load = (name: string, target: (row: number) => string) => {
  const rows = Array.from({ length: 200 }, (_, i) => `${i % 17},${i % 13},${target(i)}`);
  const train = save(`${name}.csv`, `a,b,y\n${rows.join('\n')}\n`);
  return loadDataset({ kind: 'csv', train, labelColumn: 'y', task: 'regression' });
};

describe('targets of a regression', () => {
  it('are refused where their differences are lost, or no answer is as large', async () => {
    // 0 … 1.99e-7: six decimals make 0 of all of them.
    await expect(load('small', (i) => `${i}e-9`)).rejects.toMatchObject(
      refused(/column 'y' has values from 0 to 1\.99e-7 .*differences are lost\. Give them in another unit/),
    );
    // Neighbours in float32 are 32 apart from 2^28 on: of 0 … 199, with a deviation of 58, up to 16 are lost.
    await expect(load('offset', (i) => `${2 ** 28 + i}`)).rejects.toMatchObject(refused(/differences are lost/));
    await expect(load('large', (i) => `${1e12 + 1e9 * i}`)).rejects.toMatchObject(refused(/they are too large/));
    const x = save(
      'x.npy',
      npy(
        Float32Array.from({ length: 80 }, (_, i) => i % 7),
        40,
        2,
      ),
    );
    const y = save(
      'y.npy',
      npy(
        Float64Array.from({ length: 40 }, (_, i) => 1e-8 * i),
        40,
      ),
    );
    const arrays = { kind: 'npy', trainImages: x, trainLabels: y, task: 'regression' } as const;
    await expect(loadDataset(arrays)).rejects.toMatchObject(refused(/target has values from 0 to 3\.9/));
  });

  it('are taken where they are told apart, however coarse', async () => {
    const values = async (target: (row: number) => string) => {
      const { output, train } = await load('told', target);
      return [output, Math.max(...train.targets!)];
    };
    const of = (decimals: number) => ({ task: 'regression', values: [{ name: 'y', decimals }] });
    expect(await values((i) => `${i % 2}`)).toEqual([of(0), 1]);
    expect(await values((i) => `${(i % 5) * 1e-6}`)).toEqual([of(6), Math.fround(4e-6)]);
    expect(await values((i) => `${500_000_000 - 1000 * i}`)).toEqual([of(0), 500_000_000]);
  });
});
