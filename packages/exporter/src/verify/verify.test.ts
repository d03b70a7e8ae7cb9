import { type InferenceBackend, ReferenceInference } from '@bitnetmcu/models';
import { argmax, presets } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { randomInputs, randomNetwork } from '../__fixtures__/random-network.js';
import { ExporterError } from '../errors.js';
import { quantize } from '../quantize.js';
import { verify, verifyLoaded } from './verify.js';

const { model } = quantize(randomNetwork(presets['fc-1k'].build(10), 1));
const IMAGES = 23;
const inputs = randomInputs(IMAGES * 256, 2);

/** The reference with the logit `output` of some images one higher. */
function mistaken(name: string, images: readonly number[], output: number): InferenceBackend {
  return {
    name,
    async load(loaded) {
      const reference = await new ReferenceInference().load(loaded);
      let image = 0;
      return {
        outputs: reference.outputs,
        infer(samples, count) {
          const logits = reference.infer(samples, count);
          for (let i = 0; i < count; i++, image++)
            if (images.includes(image)) logits[i * reference.outputs + output]!++;
          return logits;
        },
        close: () => reference.close(),
      };
    },
  };
}

describe('verify', () => {
  it('counts every image that differs in any bit and lists the first ones', async () => {
    const backends = [new ReferenceInference(), mistaken('a', [3, 9, 22], 4), mistaken('b', [9], 0)];
    const result = await verify(model, backends, inputs, undefined, { batchSize: 7, maxDifferences: 3 });
    expect(result.images).toBe(IMAGES);
    expect(result.perBackend.map(({ name, mismatches }) => [name, mismatches])).toEqual([
      ['typescript', 0],
      ['a', 3],
      ['b', 1],
    ]);
    expect(result.differences.map(({ image, backend }) => [image, backend])).toEqual([
      [3, 'a'],
      [9, 'a'],
      [9, 'b'],
    ]);
    const [{ logits, expected }] = result.differences as [(typeof result.differences)[0]];
    expect(logits.map((logit, i) => logit - expected[i]!)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  });

  it('measures accuracy of each implementation by the first maximum', async () => {
    const logits = (await new ReferenceInference().load(model)).infer(inputs, IMAGES);
    const labels = Array.from({ length: IMAGES }, (_, image) => argmax(logits, image * 10, 10));
    for (const image of [0, 5]) labels[image] = (labels[image]! + 1) % 10;
    const result = await verify(model, [new ReferenceInference()], inputs, labels);
    expect(result.perBackend[0]!.accuracy).toBe((IMAGES - 2) / IMAGES);
    const [without] = (await verify(model, [new ReferenceInference()], inputs, undefined)).perBackend;
    expect(without).not.toHaveProperty('accuracy');
  });

  it('reports progress after every batch and stops when asked to', async () => {
    const seen: [string, number][] = [];
    const controller = new AbortController();
    const run = verify(model, [new ReferenceInference(), mistaken('other', [], 0)], inputs, undefined, {
      batchSize: 10,
      signal: controller.signal,
      onProgress: ({ backend, done }) => {
        seen.push([backend, done]);
        if (seen.length === 4) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ name: 'ExporterError', code: 'aborted' });
    expect(seen).toEqual([
      ['typescript', 10],
      ['typescript', 20],
      ['typescript', 23],
      ['other', 10],
    ]);
  });

  it('closes every model, also after an error', async () => {
    const closed: string[] = [];
    const backend = (name: string, fails: boolean): InferenceBackend => ({
      name,
      async load(loaded) {
        const { outputs } = await new ReferenceInference().load(loaded);
        return {
          outputs,
          infer() {
            if (fails) throw new Error('broken');
            return new Int32Array(IMAGES * outputs);
          },
          close: () => closed.push(name),
        };
      },
    });
    await expect(verify(model, [backend('good', false), backend('bad', true)], inputs, undefined)).rejects.toThrow(
      'broken',
    );
    expect(closed).toEqual(['good', 'bad']);
  });

  it.each([
    ['no implementation', () => verifyLoaded([], 256, inputs, undefined), /give one/],
    [
      'inputs of another size',
      () => verify(model, [new ReferenceInference()], inputs.subarray(1), undefined),
      /multiple of 256/,
    ],
    ['no inputs', () => verify(model, [new ReferenceInference()], new Int8Array(), undefined), /one sample or more/],
    [
      'too few labels',
      () => verify(model, [new ReferenceInference()], inputs, [1, 2]),
      /2 labels were given for 23 images/,
    ],
  ])('refuses %s', async (_, run, message) => {
    await expect(run()).rejects.toThrow(ExporterError);
    await expect(run()).rejects.toThrow(message);
  });
});
