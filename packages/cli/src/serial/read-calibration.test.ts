// Boards that do not get to the end of their figures: nothing waits for ever.
import { describe, expect, it } from 'vitest';
import { boards, noTerminals } from './__fixtures__/pseudo-terminals.js';
import { readCalibration } from './read-calibration.js';

const missing = noTerminals();
if (missing !== undefined) console.warn(`skipped: ${missing}`);
const { fake } = boards();
const KEYS = ['empty flash', 'c-lw ram', 'c-sw ram'];
const BEGIN = 'calibrate 1 ch32v003 5\\r\\n';

const request = (port: string) => ({
  ...{ port, baud: 115_200, timeoutSeconds: 1, signal: new AbortController().signal, onProgress: () => {} },
});
const read = async (...said: readonly string[]) =>
  readCalibration({ part: 'ch32v003', checksum: 5 }, KEYS, request(await fake(said.join('{then}'), '')));

describe.skipIf(missing !== undefined)('readCalibration', () => {
  it('takes figures of a board that began anew once', async () => {
    const all = `${BEGIN}empty flash 2\\r\\nc-lw ram 34\\r\\nc-sw ram 35\\r\\ndone\\r\\n`;
    expect([...(await read(`${BEGIN}empty flash 9\\r\\n${all}`, all))]).toEqual([
      ['empty flash', 2],
      ['c-lw ram', 34],
      ['c-sw ram', 35],
    ]);
  });

  it.each([
    ['begins again and again', `${BEGIN}{every 0.1}`, 0],
    ['begins again behind each figure', `${BEGIN}empty flash 2\\r\\n{every 0.1}`, 1],
    ['gets further each time', `${BEGIN}empty flash 2\\r\\n${BEGIN}c-lw ram 34\\r\\n{every 0.3}`, 2],
  ])('refuses a board that %s', async (_, said, figures) => {
    const began = performance.now();
    await expect(read(said)).rejects.toMatchObject({
      code: 'not-understood',
      message: expect.stringMatching(
        new RegExp(
          `began anew \\d+ times and said ${figures} of 3 figures; wanted: .* Is it resetting again and again\\?`,
        ),
      ),
    });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('refuses a board that ends in the middle', async () => {
    await expect(read(`${BEGIN}empty flash 2\\r\\n`)).rejects.toMatchObject({
      code: 'no-answer',
      message: expect.stringMatching(/ended behind 1 of 3 figures/),
    });
  });
});
