// The two networks that the issues measure, with random weights: tests of sizes and speed do not depend on what was learned.
import type { QuantizedModel, QuantizedNode, Shape } from '@bitnetmcu/models';
import type { Conv2dNode, LinearNode } from '@bitnetmcu/models/internal';
import { SeededRandom } from '@bitnetmcu/models/internal/conformance';
import { type FormatName, getFormat } from '@bitnetmcu/quant';

const random = new SeededRandom(1);

/** A model around these nodes. */
export function modelOf(shape: Shape, nodes: readonly QuantizedNode[]): QuantizedModel {
  return {
    name: 'test',
    input: {
      shape,
      preprocessing: { divisor: 255, mean: 0, deviation: 1 },
      quantization: { kind: 'dynamic' },
    },
    nodes,
    labels: [],
    provenance: {},
  };
}

export function linearNode(name: string, input: string, inFeatures: number, outFeatures: number, format: FormatName) {
  const weights = { format, codes: randomCodes(format, inFeatures * outFeatures) };
  return { op: 'linear', name, inputs: [input], inFeatures, outFeatures, weights } satisfies LinearNode;
}

/** 3×3, stride 1, no padding, 8-bit weights. */
export function convNode(name: string, input: string, inChannels: number, outChannels: number, groups: number) {
  const weights = { format: '8bit', codes: randomCodes('8bit', (outChannels * inChannels * 9) / groups) } as const;
  const geometry = { kernel: [3, 3], stride: [1, 1], padding: [0, 0] } as const;
  return {
    op: 'conv2d',
    name,
    inputs: [input],
    inChannels,
    outChannels,
    groups,
    ...geometry,
    weights,
  } satisfies Conv2dNode;
}

/** 256-64-64-64-10 `4bitsym`. */
export function fc12k(): QuantizedModel {
  return modelOf(
    [256],
    [
      linearNode('fc1', 'input', 256, 64, '4bitsym'),
      { op: 'shiftNorm', name: 'norm1', inputs: ['fc1'], activation: 'relu' },
      linearNode('fc2', 'norm1', 64, 64, '4bitsym'),
      { op: 'shiftNorm', name: 'norm2', inputs: ['fc2'], activation: 'relu' },
      linearNode('fc3', 'norm2', 64, 64, '4bitsym'),
      { op: 'shiftNorm', name: 'norm3', inputs: ['fc3'], activation: 'relu' },
      linearNode('fc4', 'norm3', 64, 10, '4bitsym'),
    ],
  );
}

/** conv, dw, pool, dw, pool, ShiftNorm over [1, 16, 16], then a linear layer; with two convolutions up to the first pool. */
export function chainNodes(channels: number, convolutions: 1 | 2 | 3 = 3): QuantizedNode[] {
  if (convolutions === 1) {
    return [
      ...chainNodes(channels).slice(0, 2),
      { op: 'maxPool2d', name: 'pool1', inputs: ['relu1'], size: [2, 2], stride: [2, 2], padding: [0, 0] },
      { op: 'shiftNorm', name: 'norm', inputs: ['pool1'], activation: 'relu' },
      { op: 'flatten', name: 'flatten', inputs: ['norm'] },
      linearNode('fc', 'flatten', 49 * channels, 10, '4bitsym'),
    ];
  }
  if (convolutions === 2) {
    return [
      ...chainNodes(channels).slice(0, 5),
      { op: 'shiftNorm', name: 'norm', inputs: ['pool2'], activation: 'relu' },
      { op: 'flatten', name: 'flatten', inputs: ['norm'] },
      linearNode('fc', 'flatten', 36 * channels, 10, '4bitsym'),
    ];
  }
  return [
    convNode('conv1', 'input', 1, channels, 1),
    { op: 'reluShift', name: 'relu1', inputs: ['conv1'], shift: 4 },
    convNode('conv2', 'relu1', channels, channels, channels),
    { op: 'reluShift', name: 'relu2', inputs: ['conv2'], shift: 4 },
    { op: 'maxPool2d', name: 'pool2', inputs: ['relu2'], size: [2, 2], stride: [2, 2], padding: [0, 0] },
    convNode('conv3', 'pool2', channels, channels, channels),
    { op: 'reluShift', name: 'relu3', inputs: ['conv3'], shift: 4 },
    { op: 'maxPool2d', name: 'pool3', inputs: ['relu3'], size: [2, 2], stride: [2, 2], padding: [0, 0] },
    { op: 'flatten', name: 'flatten', inputs: ['pool3'] },
    { op: 'shiftNorm', name: 'norm', inputs: ['flatten'], activation: 'relu' },
    linearNode('fc', 'norm', 4 * channels, 10, '4bitsym'),
  ];
}

/** The nodes of a chain with a choice among its channels behind the last pool, by scores of the sample. */
export function withChoice(nodes: readonly QuantizedNode[], groups: number, keep: number): QuantizedNode[] {
  const last = nodes.findLastIndex(({ op }) => op === 'maxPool2d');
  const { name } = nodes[last]!;
  const behind = nodes.slice(last + 1).map((node) => ({
    ...node,
    inputs: node.inputs.map((input) => (input === name ? 'chosen' : input)),
  }));
  return [
    ...nodes.slice(0, last + 1),
    linearNode('router', 'input', 256, groups, '4bitsym'),
    { op: 'topGroups', name: 'chosen', inputs: [name, 'router'], keep },
    ...behind,
  ];
}

/** conv, dw, pool, dw, pool over 16×16, then 256-96-64-10. */
export function cnn64(channels = 64): QuantizedModel {
  return modelOf(
    [1, 16, 16],
    [
      ...chainNodes(channels).slice(0, -1),
      linearNode('fc1', 'norm', channels * 4, 96, '2bitsym'),
      { op: 'shiftNorm', name: 'norm1', inputs: ['fc1'], activation: 'relu' },
      linearNode('fc2', 'norm1', 96, 64, '4bitsym'),
      { op: 'shiftNorm', name: 'norm2', inputs: ['fc2'], activation: 'relu' },
      linearNode('fc3', 'norm2', 64, 10, '4bitsym'),
    ],
  );
}

function randomCodes(format: FormatName, count: number): Uint8Array {
  const levels = getFormat(format).levels.length;
  return Uint8Array.from({ length: count }, () => random.integer(0, levels - 1));
}
