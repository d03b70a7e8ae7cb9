// Convolutions with their ShiftNorm or requantization as one step: random geometries, formats and samples give the reference's logits, in the
// simulated parts and on the host under the sanitizers.
import { proveAccumulatorBounds, type QuantizedModel, type QuantizedNode } from '@bitnetmcu/models';
import { type Conv2dNode, ReferenceModel } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES, getFormat } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { CHostBackend } from '../../src/node.js';
import { type SimulationTargetName, SimulatorBackend } from '../../src/targets/index.js';
import { missingHostCompiler, SANITIZERS, skipWhere } from '../host-compiler.js';
import { linearNode, modelOf } from '../networks.js';
import { Random } from '../simulator/random.js';

type Size = readonly [channels: number, height: number, width: number];

/** A convolution, then maybe a ReLU, maxima and a second ReLU's place, then the ShiftNorm; or maxima and a requantization in either order. */
function block(random: Random, index: number, input: string, [channels, height, width]: Size): [QuantizedNode[], Size] {
  const format = random.below(3) === 0 ? 'Ternary' : FORMAT_NAMES[random.below(FORMAT_NAMES.length)]!;
  const groups = random.below(4) === 0 ? channels : 1;
  const outChannels = groups * random.between(1, groups === 1 ? (random.below(2) === 0 ? 24 : 9) : 2);
  const padding = [random.below(2) * random.below(2), random.below(2) * random.below(2)] as const;
  const kernel = [
    random.between(1, Math.min(3, height + 2 * padding[0])),
    random.between(1, Math.min(7, width + 2 * padding[1])),
  ] as const;
  const stride = [random.between(1, 4), random.between(1, 4)] as const;
  const rows = Math.floor((height + 2 * padding[0] - kernel[0]) / stride[0]) + 1;
  const columns = Math.floor((width + 2 * padding[1] - kernel[1]) / stride[1]) + 1;
  const count = (outChannels * channels * kernel[0] * kernel[1]) / groups;
  const levels = getFormat(format).levels.length;
  const conv: Conv2dNode = {
    ...{ op: 'conv2d', name: `conv${index}`, inputs: [input], inChannels: channels, outChannels, groups },
    ...{ kernel, stride, padding },
    weights: {
      format,
      codes: Uint8Array.from({ length: count }, () => random.below(levels)),
      ...(random.below(4) === 0
        ? { bias: Int32Array.from({ length: outChannels }, () => random.between(-5000, 5000)) }
        : {}),
      ...(random.below(4) === 0
        ? { outputShifts: Uint8Array.from({ length: outChannels }, () => random.below(5)) }
        : {}),
    },
  };
  const nodes: QuantizedNode[] = [conv];
  const last = () => [nodes.at(-1)!.name];
  const relu = () => {
    nodes.push({ op: 'reluShift', name: `relu${index}`, inputs: last(), shift: random.below(6) });
  };
  const requantize = () => {
    const range = random.below(2) === 0 ? { min: 0, max: 127 } : { min: -128, max: 90 };
    nodes.push({ op: 'requantize', name: `small${index}`, inputs: last(), shift: random.below(9), ...range });
  };
  const isRequantized = random.below(2) === 0;
  const when = random.below(3);
  if (when === 0) (isRequantized ? requantize : relu)();
  const size = [random.between(1, Math.min(3, rows)), random.between(1, Math.min(5, columns))] as const;
  const pools = random.below(2) === 0;
  if (pools) {
    const window = { size, stride: size, padding: [0, 0] } as const;
    nodes.push({ op: 'maxPool2d', name: `pool${index}`, inputs: last(), ...window });
  }
  if (when !== 0 && isRequantized) requantize();
  if (when === 1 && !isRequantized) relu();
  if (!isRequantized) nodes.push({ op: 'shiftNorm', name: `norm${index}`, inputs: last(), activation: 'relu' });
  const [pooledRows, pooledColumns] = pools ? size : [1, 1];
  return [nodes, [outChannels, Math.floor(rows / pooledRows), Math.floor(columns / pooledColumns)]];
}

function randomNetwork(random: Random): QuantizedModel {
  const shape: Size = [random.between(1, 3), random.between(1, 12), random.between(1, 12)];
  const nodes: QuantizedNode[] = [];
  let size = shape;
  let input = 'input';
  for (let index = 1; index <= 2; index++) {
    const [added, result] = block(random, index, input, size);
    nodes.push(...added);
    input = added.at(-1)!.name;
    size = result;
  }
  const features = size[0] * size[1] * size[2];
  nodes.push({ op: 'flatten', name: 'flatten', inputs: [input] });
  return modelOf(shape, [...nodes, linearNode('fc', 'flatten', features, 5, '4bitsym')]);
}

/** Seeded networks that cannot overflow; one with rows of more weights than are listed at once, and one with many channels of four bits. */
function networks(random: Random, count: number): QuantizedModel[] {
  const models: QuantizedModel[] = [];
  while (models.length < count) {
    const model = randomNetwork(random);
    try {
      proveAccumulatorBounds(model);
      models.push(model);
    } catch {}
  }
  const wide = { kernel: [3, 3], stride: [1, 1], padding: [0, 0] } as const;
  const conv = (
    name: string,
    input: string,
    inChannels: number,
    outChannels: number,
    codes: number,
    format: 'Ternary' | '4bitsym' = 'Ternary',
  ): QuantizedNode => ({
    ...{ op: 'conv2d', name, inputs: [input], inChannels, outChannels, groups: 1, ...wide },
    weights: {
      format,
      codes: Uint8Array.from({ length: codes }, () => random.below(getFormat(format).levels.length)),
    },
  });
  const rows = [
    conv('conv1', 'input', 1, 31, 279),
    { op: 'shiftNorm', name: 'norm1', inputs: ['conv1'], activation: 'relu' },
    conv('conv2', 'norm1', 31, 4, 1116),
    { op: 'shiftNorm', name: 'norm2', inputs: ['conv2'], activation: 'relu' },
    { op: 'flatten', name: 'flatten', inputs: ['norm2'] },
    linearNode('fc', 'flatten', 16, 3, 'Ternary'),
  ] as const satisfies readonly QuantizedNode[];
  const channels = [
    conv('conv1', 'input', 4, 19, 684, '4bitsym'),
    { op: 'shiftNorm', name: 'norm1', inputs: ['conv1'], activation: 'relu' },
    { op: 'flatten', name: 'flatten', inputs: ['norm1'] },
    linearNode('fc', 'flatten', 304, 3, 'Ternary'),
  ] as const satisfies readonly QuantizedNode[];
  return [...models, modelOf([1, 6, 6], rows), modelOf([4, 6, 6], channels)];
}

/** Rows, columns: results that end with a block of outputs, one or some before it, and such as are smaller than one. */
const SIZES = [
  ...[
    [2, 2, 3, 3],
    [3, 5, 3, 3],
    [4, 4, 3, 3],
    [5, 9, 3, 3],
    [2, 3, 3, 3],
    [1, 4, 3, 3],
  ],
  ...[
    [1, 4, 1, 7],
    [1, 13, 1, 7],
    [3, 6, 2, 5],
    [2, 3, 2, 2],
    [4, 5, 1, 1],
  ],
] as const;

/** Of steps 1, as the kernels in assembly want them: over one plane each of two channels, and over all of three. */
function unitStrides(random: Random): QuantizedModel[] {
  return SIZES.flatMap(([rows, columns, kernelRows, kernelColumns]) =>
    [
      { inChannels: 2, groups: 2, outChannels: 4 },
      { inChannels: 3, groups: 1, outChannels: 10 },
    ].map((channels) => {
      const { inChannels, groups, outChannels } = channels;
      const count = (outChannels * inChannels * kernelRows * kernelColumns) / groups;
      const weights = { format: '8bit', codes: Uint8Array.from({ length: count }, () => random.below(256)) } as const;
      const geometry = { kernel: [kernelRows, kernelColumns], stride: [1, 1], padding: [0, 0] } as const;
      const features = outChannels * rows * columns;
      return modelOf(
        [inChannels, rows + kernelRows - 1, columns + kernelColumns - 1],
        [
          { op: 'conv2d', name: 'conv', inputs: ['input'], ...channels, ...geometry, weights },
          { op: 'requantize', name: 'small', inputs: ['conv'], shift: random.below(12), min: -128, max: 127 },
          { op: 'flatten', name: 'flatten', inputs: ['small'] },
          linearNode('fc', 'flatten', features, 5, '4bitsym'),
        ],
      );
    }),
  );
}

function samplesOf(random: Random, inputs: number): Int8Array {
  const kinds = [() => random.between(-128, 127), () => random.below(4) * 42, () => (random.below(2) ? 127 : -128)];
  return Int8Array.from(kinds.flatMap((value) => Array.from({ length: inputs }, value)));
}

const COUNT = 24;

async function check(backend: SimulatorBackend | CHostBackend): Promise<void> {
  const random = new Random(23);
  // Assembly is in the simulated parts alone.
  const models = backend instanceof SimulatorBackend ? unitStrides(random) : [];
  for (const model of [...networks(random, COUNT), ...models]) {
    const reference = new ReferenceModel(model);
    const samples = samplesOf(random, reference.inputs);
    const loaded = await backend.load(model);
    const logits = await loaded.infer(samples, 3);
    loaded.close();
    const about = model.nodes.map((node) => ('weights' in node ? `${node.op} ${node.weights.format}` : node.op)).join();
    expect([...logits], about).toEqual([...reference.infer(samples, 3)]);
  }
}

/**
 * Two outputs a row step 2·3 = 6 columns, a row has 5: the next row of outputs begins before the place where the steps end.
 * All weights are 1, so that the features are elements 0 and 3 of every row, three times.
 */
function oversteppingNetwork(): QuantizedModel {
  const binary = (count: number) => ({ format: 'Binary', codes: new Uint8Array(count).fill(1) }) as const;
  return modelOf(
    [1, 4, 5],
    [
      {
        ...{ op: 'conv2d', name: 'conv', inputs: ['input'], inChannels: 1, outChannels: 3, groups: 1 },
        ...{ kernel: [1, 1], stride: [1, 3], padding: [0, 0], weights: binary(3) },
      },
      { op: 'shiftNorm', name: 'norm', inputs: ['conv'], activation: 'relu' },
      { op: 'flatten', name: 'flatten', inputs: ['norm'] },
      { op: 'linear', name: 'fc', inputs: ['flatten'], inFeatures: 24, outFeatures: 1, weights: binary(24) },
    ],
  );
}

describe('convolutions with their ShiftNorm', () => {
  it.skipIf(skipWhere(missingHostCompiler)).each(['nomul', 'mul'] as const)(
    'step back where a stride oversteps the row: %s',
    async (layout) => {
      const loaded = await new CHostBackend({ layout, flags: SANITIZERS }).load(oversteppingNetwork());
      const sample = Int8Array.from({ length: 20 }, (_, i) => i + 1);
      const elements = [1, 4, 6, 9, 11, 14, 16, 19];
      expect([...(await loaded.infer(sample, 1))]).toEqual([3 * elements.reduce((a, b) => a + b)]);
    },
  );

  it.each<[SimulationTargetName, string]>([
    ['ch32v003', 'fast'],
    ['ch32v003', 'fast-flash'],
    ['ch32v002', 'fast'],
    ['rp2040', 'fast'],
    ['stm32f405', 'fast'],
    ['atmega328p', 'fast'],
  ])('give the reference logits: %s, %s', (target, kernels) => check(new SimulatorBackend(target, kernels)));

  it.skipIf(skipWhere(missingHostCompiler)).each(['nomul', 'mul', 'mul-small', 'mul-conv'] as const)(
    'give the reference logits on the host: %s',
    (layout) => check(new CHostBackend({ layout, flags: SANITIZERS })),
  );

  it.skipIf(skipWhere(missingHostCompiler))(
    'give the reference logits on the host: the DSP extension in portable C',
    () => check(new CHostBackend({ layout: 'mul', flags: ['-DBNM_DSP=1', ...SANITIZERS] })),
  );
});
