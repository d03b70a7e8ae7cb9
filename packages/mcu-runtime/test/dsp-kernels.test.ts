// The kernels for the DSP extension of Cortex-M on the host, by their instructions in portable C: logits are those of the reference, and
// nothing behind a table or a buffer is touched, though they load four bytes at a time from any address.
import { proveAccumulatorBounds, type QuantizedModel } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES, type FormatName, getFormat } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { CHostBackend } from '../src/node.js';
import { missingHostCompiler, SANITIZERS, skipWhere } from './host-compiler.js';
import { modelOf } from './networks.js';
import { Random } from './simulator/random.js';
import { BY_PRODUCTS, BY_WINDOWS, type Geometry, networkOf } from './targets/geometries.js';

const COUNT = 6;

/** Kinds of inputs that take different ways through the lists of differences. */
const KINDS: readonly ((random: Random) => number)[] = [
  (r) => (r.below(3) === 0 ? r.between(1, 127) : 0),
  (r) => (r.below(4) === 0 ? r.between(-128, 127) : -19),
  (r) => (r.below(50) === 0 ? r.between(-128, 127) : 127),
  (r) => (r.below(2) ? r.between(112, 127) : r.between(-128, -112)),
  (r) => r.between(-128, 127),
  (r) => (r.below(2) ? -128 : 127),
];

function samplesOf(inputs: number, random: Random): Int8Array {
  const values = Array.from({ length: COUNT }, (_, i) =>
    Array.from({ length: inputs }, () => KINDS[i % KINDS.length]!(random)),
  );
  return Int8Array.from(values.flat());
}

function linearModel(format: FormatName, inputs: number, outputs: number, random: Random): QuantizedModel {
  const levels = getFormat(format).integers.length;
  const codes = Uint8Array.from({ length: inputs * outputs }, () => random.below(levels));
  const node = { op: 'linear', name: 'fc', inputs: ['input'], inFeatures: inputs, outFeatures: outputs } as const;
  return modelOf([inputs], [{ ...node, weights: { format, codes } }]);
}

/** Odd and even; no whole block of outputs, one, and some with an end that overlaps; lists that are full. */
const SIZES = [
  [1, 1],
  [3, 7],
  [5, 8],
  [66, 17],
  [131, 33],
  [400, 50],
] as const;

/** One channel a group and strides of 1: blocks of 2x2 outputs, of odd and even rows and columns. */
const BY_BLOCKS: readonly Geometry[] = [
  [2, 2],
  [3, 4],
  [4, 5],
  [5, 7],
].map(([rows, columns]) => ({
  ...{ format: '8bit', inChannels: 1, outChannels: 3, kernel: [3, 3], stride: [1, 1] },
  result: [rows!, columns!],
}));

async function check(models: readonly QuantizedModel[], random: Random): Promise<void> {
  const jobs = models.map((model) => {
    proveAccumulatorBounds(model);
    const reference = new ReferenceModel(model);
    const inputs = samplesOf(reference.inputs, random);
    return { model, inputs, count: COUNT, expected: reference.infer(inputs, COUNT) };
  });
  const backend = new CHostBackend({ layout: 'mul', guarded: true, flags: ['-DBNM_DSP=1', ...SANITIZERS] });
  expect(await backend.inferAll(jobs)).toEqual(jobs.map(({ expected }) => expected));
}

describe.skipIf(skipWhere(missingHostCompiler))('kernels for the DSP extension in portable C', () => {
  it('linear layers of every format', async () => {
    const random = new Random(41);
    const models = FORMAT_NAMES.flatMap((format) =>
      SIZES.map(([inputs, outputs]) => linearModel(format, inputs, outputs, random)),
    );
    await check(models, random);
  });

  it('convolutions of every geometry', async () => {
    const random = new Random(42);
    await check(
      [...BY_WINDOWS, ...BY_PRODUCTS, ...BY_BLOCKS].map((geometry) => networkOf(geometry, random)),
      random,
    );
  });
});
