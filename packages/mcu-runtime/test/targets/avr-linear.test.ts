// Linear layers of the AVR kernels in the simulated part: logits of networks of two layers against the reference, for every format, odd sizes,
// sparse and dense samples, mode values and extremes.

import type { QuantizedModel, QuantizedNode } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES, type FormatName, getFormat } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { avrLayout } from '../../src/layout/avr.js';
import { SimulatorBackend } from '../../src/targets/index.js';
import { modelOf } from '../networks.js';
import { Random } from '../simulator/random.js';

const NETWORKS = Number(process.env.BNM_AVR_NETWORKS ?? 3);
const MOST_INPUTS = 300;
const MOST_OUTPUTS = 40;

/** Kinds of samples that take different ways through the kernels. */
const SAMPLES: readonly ((random: Random) => number)[] = [
  (r) => (r.below(3) === 0 ? r.between(1, 127) : 0),
  (r) => (r.below(4) === 0 ? r.between(-19, 127) : -19),
  (r) => (r.below(4) === 0 ? r.between(-128, 127) : 127),
  // Gaps that are longer than one entry of a window passes over.
  (r) => (r.below(150) === 0 ? r.between(-128, 127) : 0),
  (r) => r.between(-128, 127),
  () => -128,
  (r) => (r.below(2) ? -128 : 127),
];

function randomCodes(random: Random, format: FormatName, count: number): Uint8Array {
  const levels = getFormat(format).integers.length;
  const isExtreme = random.below(4) === 0;
  return Uint8Array.from({ length: count }, () => (isExtreme ? (levels - 1) * random.below(2) : random.below(levels)));
}

function randomNetwork(random: Random, format: FormatName): QuantizedModel {
  const inputs = random.below(4) === 0 ? random.between(1, 9) : random.between(1, MOST_INPUTS);
  const [hidden, outputs] = [random.between(1, MOST_OUTPUTS), random.between(1, MOST_OUTPUTS)];
  const linear = (name: string, from: string, inFeatures: number, outFeatures: number): QuantizedNode => {
    const weights = { format, codes: randomCodes(random, format, inFeatures * outFeatures) };
    return { op: 'linear', name, inputs: [from], inFeatures, outFeatures, weights };
  };
  return modelOf(
    [inputs],
    [
      linear('fc1', 'input', inputs, hidden),
      { op: 'shiftNorm', name: 'norm', inputs: ['fc1'], activation: 'relu' },
      linear('fc2', 'norm', hidden, outputs),
    ],
  );
}

describe('linear layers on atmega328p', () => {
  it.each(FORMAT_NAMES)('%s', async (format) => {
    const random = new Random(FORMAT_NAMES.indexOf(format) + 1);
    for (let i = 0; i < NETWORKS; i++) {
      const model = randomNetwork(random, format);
      const reference = new ReferenceModel(model);
      const loaded = await new SimulatorBackend('atmega328p', 'fast').load(model);
      const samples = Int8Array.from(
        SAMPLES.flatMap((value) => Array.from({ length: reference.inputs }, () => value(random))),
      );
      const logits = await loaded.infer(samples, SAMPLES.length);
      loaded.close();
      expect([...logits], `network ${i}: ${reference.inputs} inputs`).toEqual([
        ...reference.infer(samples, SAMPLES.length),
      ]);
    }
  });
});

describe('the layout of the AVR kernels', () => {
  it('puts nibbles of eight outputs into four bytes an input, with zeros for the outputs that are missing', () => {
    // Two inputs, nine outputs: output o has the codes 2·o + 1 and 2·o + 2 modulo 16.
    const codes = Uint8Array.from({ length: 18 }, (_, i) => (i + 1) % 16);
    const { kernel, weights } = avrLayout.linear('4bit', codes, 9, 2, 'activations');
    expect(kernel).toBe(52);
    const first = [0x31, 0x75, 0xb9, 0xfd, 0x42, 0x86, 0xca, 0x0e];
    expect([...weights]).toEqual([0, 0, 0, 0, ...first, 0x01, 0, 0, 0, 0x02, 0, 0, 0]);
  });

  it('puts the bits of eight outputs into a byte, and row sums before them where the input is the sample', () => {
    // Integers of two outputs: 1, −1, 1 and 0, −1, −1; the low bits, then the high ones, of an input after another.
    const { weights } = avrLayout.linear('Ternary', Uint8Array.of(2, 0, 2, 1, 0, 0), 2, 3, 'sample');
    expect([...weights]).toEqual([1, 0, 0, 0, 1, 0, 0xfe, 0xff, 0b10, 0b00, 0b00, 0b01, 0b00, 0b01]);
  });

  it('puts levels of four outputs into two bytes an input', () => {
    const { weights } = avrLayout.linear('NF4', Uint8Array.of(1, 2, 3, 4, 5, 6), 6, 1, 'activations');
    expect([...weights]).toEqual([0, 0, 0, 0, 0x21, 0x43, 0x65, 0x00]);
  });
});
