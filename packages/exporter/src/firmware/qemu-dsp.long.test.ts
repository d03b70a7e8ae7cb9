// Networks on cores with the DSP extension in QEMU: the kernels for it give the logits of the reference to the bit, of samples that are mostly
// background, that have all values, and that have none but extremes.
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { elementCount } from '@bitnetmcu/models/internal';
import { loadZooModel } from '@bitnetmcu/models/zoo';
import { describe, it } from 'vitest';
import { temporaryFolders } from './__fixtures__/projects.js';
import { DSP_MACHINES, expectSelfTest, missingPrograms } from './__fixtures__/qemu-parts.js';

const newFolder = temporaryFolders();
/** Chains of one, two and three convolutions, convolutions window by window, and every technique of linear layers on these parts. */
const NETWORKS = [
  ...['cnn-16-small', 'mini-cnn-1k', 'mini-cnn-5k', 'mini-fc-12k'],
  ...['fc-12k', 'fc-12k-8bit', 'fc-12k-2bit', 'fc-12k-ternary', 'fc-12k-binary', 'fc-12k-fp130'],
] as const;
/** Random ones, with convolutions that are requantized. */
const RANDOM_NETWORKS = 6;
const SEED = 23;

function samples(inputs: number): Int8Array {
  const value = (i: number) => ((Math.imul(i + 1, 2_654_435_761) >>> 13) & 255) - 128;
  const kinds = [
    (i: number) => (i % inputs >= inputs / 3 && i % inputs < inputs / 2 ? value(i) : -33),
    value,
    (i: number) => (value(i) < 0 ? -128 : 127),
  ];
  return Int8Array.from({ length: kinds.length * inputs }, (_, i) => kinds[Math.floor(i / inputs)]!(i));
}

describe.each(Object.entries(DSP_MACHINES))('%s', (part, machine) => {
  const isMissing = missingPrograms(part, machine).length > 0;

  it.skipIf(isMissing).each(NETWORKS)('%s', async (name) => {
    const model = await loadZooModel(name);
    const inputs = samples(elementCount(model.input.shape));
    expectSelfTest(newFolder(), part, machine, { model, inputs, kernels: 'fast' });
  });

  it.skipIf(isMissing).each(Array.from({ length: RANDOM_NETWORKS }, (_, i) => i))('random network %i', (index) => {
    const model = conformanceModel(SEED, index, {});
    const inputs = conformanceInputs(SEED, index, elementCount(model.input.shape), 3);
    expectSelfTest(newFolder(), part, machine, { model, inputs, kernels: 'fast' });
  });
});
