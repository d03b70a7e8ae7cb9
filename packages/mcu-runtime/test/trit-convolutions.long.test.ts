// Ternary convolutions whose codes are read anew for each four outputs (bnm_convolve_trits): in C on the host, with guards and sanitizers, and in the
// assembly of a simulated CH32V003, against the reference; and when a layout chooses them.
import type { QuantizedModel, QuantizedNode } from '@bitnetmcu/models';
import { type Conv2dNode, type Pair, ReferenceModel } from '@bitnetmcu/models/internal';
import { SeededRandom } from '@bitnetmcu/models/internal/conformance';
import { describe, expect, it } from 'vitest';
import type { LayoutName } from '../src/index.js';
import { getLayout, lowerModel } from '../src/internal/index.js';
import { CHostBackend } from '../src/node.js';
import { SimulatorBackend } from '../src/targets/index.js';
import { missingHostCompiler, SANITIZERS, skipWhere } from './host-compiler.js';
import { linearNode, modelOf } from './networks.js';

interface Geometry {
  readonly planes: number;
  readonly size: Pair;
  readonly kernel: Pair;
  readonly rowStride?: number;
  readonly padding?: Pair;
  readonly groups?: number;
}

/** Rows of two to five outputs, odd numbers of pairs, weights that end inside of a byte and with one, kernels of one column. */
const GEOMETRIES: readonly Geometry[] = [
  { planes: 3, size: [4, 4], kernel: [3, 3] },
  { planes: 5, size: [6, 5], kernel: [3, 3] },
  { planes: 2, size: [5, 6], kernel: [2, 3] },
  { planes: 1, size: [5, 9], kernel: [5, 5] },
  { planes: 4, size: [3, 7], kernel: [3, 3], padding: [1, 0] },
  { planes: 4, size: [5, 3], kernel: [3, 3], padding: [1, 1], rowStride: 2 },
  { planes: 6, size: [1, 2], kernel: [1, 1] },
  { planes: 6, size: [4, 4], kernel: [3, 1], groups: 3 },
  { planes: 6, size: [2, 5], kernel: [1, 3], groups: 6 },
];

const CHANNELS = 6;

function convolution(name: string, input: string, { planes, ...geometry }: Geometry): Conv2dNode {
  const { kernel, rowStride = 1, padding = [0, 0], groups = 1 } = geometry;
  const { weights } = linearNode(name, input, (planes / groups) * kernel[0] * kernel[1], CHANNELS, 'Ternary');
  const channels = { inChannels: planes, outChannels: CHANNELS, groups };
  return { op: 'conv2d', name, inputs: [input], ...channels, kernel, stride: [rowStride, 1], padding, weights };
}

/** The convolution, a ShiftNorm and a linear layer. */
function network(geometry: Geometry): QuantizedModel {
  const { planes, size, kernel, rowStride = 1, padding = [0, 0] } = geometry;
  const rows = Math.floor((size[0] + 2 * padding[0] - kernel[0]) / rowStride) + 1;
  const columns = size[1] + 2 * padding[1] - kernel[1] + 1;
  return modelOf(
    [planes, size[0], size[1]],
    [
      convolution('conv', 'input', geometry),
      { op: 'shiftNorm', name: 'norm', inputs: ['conv'], activation: 'relu' },
      { op: 'flatten', name: 'flatten', inputs: ['norm'] },
      linearNode('fc', 'flatten', CHANNELS * rows * columns, 4, '4bitsym'),
    ],
  );
}

const SAMPLES = 3;
const cases = GEOMETRIES.map((geometry, i) => {
  const model = network(geometry);
  const reference = new ReferenceModel(model);
  const random = new SeededRandom(i + 1);
  const inputs = Int8Array.from({ length: SAMPLES * reference.inputs }, () => random.integer(-128, 127));
  const logits = [...reference.infer(inputs, SAMPLES)];
  return { model, inputs, logits };
});

/** How the convolutions of a network over two planes of 8×8 make their sums; each has a ShiftNorm. */
function techniques(convolutions: readonly Conv2dNode[], outputs: number, layout: LayoutName): string[] {
  const nodes = convolutions.flatMap((conv): QuantizedNode[] => [
    conv,
    { op: 'shiftNorm', name: `norm-${conv.name}`, inputs: [conv.name], activation: 'relu' },
  ]);
  const flatten: QuantizedNode = { op: 'flatten', name: 'flatten', inputs: [nodes.at(-1)!.name] };
  const model = modelOf([2, 8, 8], [...nodes, flatten, linearNode('fc', 'flatten', CHANNELS * outputs, 4, '4bitsym')]);
  const { steps } = lowerModel(model, getLayout(layout), { everyTensor: false });
  return steps.flatMap((step) => (step.op === 'convNorm' ? [step.technique] : []));
}

describe('ternary convolutions without lists', () => {
  it.skipIf(skipWhere(missingHostCompiler))('give the reference logits in C, inside of their buffers', async () => {
    const backend = new CHostBackend({ layout: 'nomul-conv', guarded: true, flags: SANITIZERS });
    const logits = await backend.inferAll(cases.map(({ model, inputs }) => ({ model, inputs, count: SAMPLES })));
    expect(logits.map((all) => [...all])).toEqual(cases.map((one) => one.logits));
  });

  it('give the reference logits in assembly for RV32E', async () => {
    const backend = new SimulatorBackend('ch32v003', 'fast-conv-flash');
    for (const { model, inputs, logits } of cases) {
      const loaded = await backend.load(model);
      expect([...(await loaded.infer(inputs, SAMPLES))]).toEqual(logits);
    }
  });

  it('are chosen for few outputs a channel, of all ternary convolutions of the model, and always for the least flash', () => {
    const size: Pair = [8, 8];
    const first = convolution('conv1', 'input', { planes: 2, size, kernel: [5, 5] });
    const second = convolution('conv2', 'norm-conv1', { planes: CHANNELS, size: [4, 4], kernel: [3, 3] });
    expect(techniques([first, second], 4, 'nomul')).toEqual(['trits', 'trits']);
    expect(techniques([first, second], 4, 'nomul-small')).toEqual(['trits', 'trits']);
    expect(techniques([first, second], 4, 'mul')).toEqual(['digits', 'digits']);
    // 64 outputs a channel, then 36.
    const large = convolution('conv1', 'input', { planes: 2, size, kernel: [3, 3], padding: [1, 1] });
    expect(techniques([large, second], 36, 'nomul')).toEqual(['digits', 'digits']);
    expect(techniques([large, second], 36, 'nomul-conv')).toEqual(['trits', 'trits']);
    // Elements of a row of outputs that are not side by side.
    expect(techniques([{ ...large, stride: [1, 2] }], 32, 'nomul-conv')).toEqual(['digits']);
  });

  it('are chosen for none where another one wants lists for its stride or its single column', () => {
    const size: Pair = [8, 8];
    // 16 outputs a channel, then 4: few enough for both.
    const strided: Conv2dNode = {
      ...convolution('conv1', 'input', { planes: 2, size, kernel: [2, 2] }),
      stride: [2, 2],
    };
    const second = convolution('conv2', 'norm-conv1', { planes: CHANNELS, size: [4, 4], kernel: [3, 3] });
    const unstrided = convolution('conv1', 'input', { planes: 2, size, kernel: [5, 5] });
    const column = convolution('conv2', 'norm-conv1', { planes: CHANNELS, size: [4, 4], kernel: [3, 4] });
    for (const layout of ['nomul', 'nomul-conv'] as const) {
      expect(techniques([strided, second], 4, layout)).toEqual(['digits', 'digits']);
      expect(techniques([unstrided, column], 2, layout)).toEqual(['digits', 'digits']);
    }
  });
});
