// Chains of convolutions in the simulated parts and as portable C: random chains and samples of every kind give the reference's logits.
import type { InferenceBackend, QuantizedModel } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { getFormat } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import type { LayoutName } from '../../src/index.js';
import { CHostBackend } from '../../src/node.js';
import { type SimulationTargetName, SimulatorBackend } from '../../src/targets/index.js';
import { missingHostCompiler, SANITIZERS, skipWhere } from '../host-compiler.js';
import { chainNodes, modelOf, withChoice } from '../networks.js';
import { Random } from '../simulator/random.js';

/** Weights whose sums fit 16 bits, mostly fit, never fit; extremes. */
const WEIGHTS: Readonly<Record<string, (random: Random) => number>> = {
  small: (r) => r.between(-20, 20),
  usual: (r) => r.between(-60, 60),
  large: (r) => r.between(-128, 127),
  extreme: (r) => (r.below(2) === 0 ? -128 : 127),
  'many digits': (r) => (r.below(2) === 0 ? -85 : 85),
  'all zero': () => 0,
};

/** Samples with a background in some blocks, everywhere, nowhere. */
const SAMPLES: Readonly<Record<string, (random: Random, row: number, column: number) => number>> = {
  'digit on background': (r, row, column) =>
    row > 3 && row < 13 && column > 4 && column < 11 && r.below(3) > 0 ? r.between(-128, 127) : -19,
  'a stroke at the edge': (r, row) => (row > 13 ? r.between(-40, 127) : 0),
  'one element': (_, row, column) => (row === 7 && column === 9 ? 127 : -128),
  dense: (r) => r.between(-128, 127),
  'only -128 and 127': (r) => (r.below(2) === 0 ? -128 : 127),
  'all 127': () => 127,
  'all zero': () => 0,
};

function randomChain(random: Random): { model: QuantizedModel; about: string } {
  const channels = random.between(1, 5);
  const kinds = Object.keys(WEIGHTS);
  const about: string[] = [`${channels} channels`];
  const { integers } = getFormat('8bit');
  const nodes = chainNodes(channels, ([1, 2, 3] as const)[random.below(3)]!).map((node) => {
    if (node.op === 'reluShift') {
      // So that the first map fits int16 and nothing overflows int32, whatever the weights are.
      const shift = random.between(node.name === 'relu2' ? 4 : 3, 9);
      about.push(`shift ${shift}`);
      return { ...node, shift };
    }
    if (node.op !== 'conv2d') return node;
    const kind = kinds[random.below(kinds.length)]!;
    about.push(kind);
    const codes = Uint8Array.from({ length: 9 * channels }, () => integers.indexOf(WEIGHTS[kind]!(random)));
    return { ...node, weights: { format: '8bit' as const, codes } };
  });
  const divisors = [1, 2, 3, 4, 5].filter((groups) => channels % groups === 0);
  const groups = divisors[random.below(divisors.length)]!;
  const keep = random.between(1, groups);
  const isChosen = random.below(2) === 0;
  if (isChosen) about.push(`${keep} of ${groups} groups`);
  const chosen = isChosen ? withChoice(nodes, groups, keep) : nodes;
  return { model: modelOf([1, 16, 16], chosen), about: about.join(', ') };
}

function samplesOf(random: Random): Int8Array {
  return Int8Array.from(
    Object.values(SAMPLES).flatMap((value) =>
      Array.from({ length: 256 }, (_, i) => value(random, Math.floor(i / 16), i % 16)),
    ),
  );
}

const CHAINS = Number(process.env.BNM_CHAINS ?? 8);

async function checkChains(backend: InferenceBackend, seed: number, chains: number): Promise<void> {
  const random = new Random(seed);
  const count = Object.keys(SAMPLES).length;
  for (let i = 0; i < chains; i++) {
    const { model, about } = randomChain(random);
    const samples = samplesOf(random);
    const loaded = await backend.load(model);
    const logits = await loaded.infer(samples, count);
    loaded.close();
    expect([...logits], about).toEqual([...new ReferenceModel(model).infer(samples, count)]);
  }
}

describe.each<[SimulationTargetName, string]>([
  ['ch32v003', 'fast'],
  ['ch32v003', 'fast-flash'],
  ['ch32v002', 'fast'],
  ['ch32v002', 'fast-flash'],
  ['rp2040', 'fast'],
  ['stm32f405', 'fast'],
  ['atmega328p', 'fast'],
])('chains of convolutions: %s, %s', (target, kernels) => {
  it('give the reference logits for every kind of weights and samples', () =>
    checkChains(new SimulatorBackend(target, kernels), 17, CHAINS));
});

describe.skipIf(skipWhere(missingHostCompiler))('chains of convolutions: portable C under the sanitizers', () => {
  it.each<[LayoutName, readonly string[]]>([
    ['nomul', []],
    ['mul', []],
    ['mul', ['-DBNM_DSP=1']],
  ])('give the reference logits: %s %s', (layout, flags) =>
    checkChains(new CHostBackend({ flags: [...flags, ...SANITIZERS], layout }), 18, CHAINS),
  );
});
