// The prebuilt kernel images are those that the records of parts name. Whether they are what today's sources give is
// `npm run check:kernels`, which needs the cross compilers.
import { expect, it } from 'vitest';
import { KERNEL_BUILDS } from '../../kernels/kernel-builds.js';
import { KERNEL_IMAGE_NAMES, kernelImage } from '../../src/targets/kernel-images.js';
import { kernelVariants } from '../../src/targets/kernel-variants.js';
import { PART_NAMES } from '../../src/targets/parts.js';

it('are one for each name in the table of kernels: variants that name the same one are compiled alike', () => {
  const [built, named] = [KERNEL_BUILDS.map(({ name }) => name), KERNEL_IMAGE_NAMES];
  expect([...built].sort()).toEqual([...named].sort());
  for (const part of PART_NAMES) {
    const ofImage = new Map<string, string>();
    for (const { image, sources, inRam, hot } of kernelVariants(part)) {
      const compiled = JSON.stringify([sources, inRam, hot]);
      expect(ofImage.get(image) ?? compiled).toBe(compiled);
      ofImage.set(image, compiled);
    }
  }
});

const NETWORK = ['bnm_run', 'bnm_argmax'];
const FEATURES = ['bnm_feature_mean', 'bnm_feature_bands', 'bnm_filter_difference', 'bnm_filter_biquad'];

it.each(KERNEL_IMAGE_NAMES)('%s has the functions that a simulation calls', async (name) => {
  const { program } = await kernelImage(name);
  const functions = program.symbols.filter(({ kind }) => kind === 'function').map(({ name: symbol }) => symbol);
  expect(functions).toEqual(expect.arrayContaining(name.endsWith('-features') ? FEATURES : NETWORK));
});
