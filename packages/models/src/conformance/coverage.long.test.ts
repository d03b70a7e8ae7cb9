// The generator reaches what makes kernels fail: how many of so many networks have each feature.
import { FORMAT_NAMES } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { NODE_OPS } from '../ops/index.js';
import type { Pair } from '../quantized-model.js';
import { type ResolvedNode, resolveModel } from '../resolve-model.js';
import { elementCount } from '../tensor-shape.js';
import { conformanceModel } from './random-model.js';

const MODELS = 2000;
/** At least so many of them have each feature: CI runs as many under the sanitizers. */
const ENOUGH = 5;

type Maps = readonly [channels: number, height: number, width: number];

const STRIDES = [1, 2, 3, 4];

/** Windows on their way over maps: kernels and pools have these in common. */
function windowFeatures(what: string, [, height, width]: Maps, size: Pair, stride: Pair, padding: Pair): string[] {
  const features = [
    ...[`vertical stride ${stride[0]}`, `horizontal stride ${stride[1]}`],
    size[0] !== size[1] && 'non-square',
    stride[0] !== stride[1] && 'unequal strides',
    size[0] < stride[0] && 'window lower than its stride',
    size[1] < stride[1] && 'window narrower than its stride',
    padding[0] > 0 && padding[1] > 0 && 'padding on all sides',
    padding[0] !== padding[1] && 'unequal padding',
    size[0] === height && size[1] === width && padding[0] + padding[1] === 0 && 'whole map',
    size[0] * size[1] === 1 && 'single element',
    height !== width && 'map that is not square',
    height === 1 && width > 1 && 'row',
    width === 1 && height > 1 && 'column',
    height * width === 1 && 'map of one element',
  ];
  return features.filter((feature) => feature !== false).map((feature) => `${what}: ${feature}`);
}

/** The columns that outputs of a row step over are more than those up to the next row: steps between rows go back. */
function stepsBack([, height, width]: Maps, [, columns]: Pair, stride: Pair, padding: Pair): boolean {
  return height > 1 && columns * stride[1] > stride[0] * (width + 2 * padding[1]);
}

function featuresOf(
  nodes: readonly ResolvedNode[],
  { node, inputShapes, outputShape, outputType }: ResolvedNode,
): string[] {
  const shape = inputShapes[0]! as Maps;
  const source = nodes.find((other) => other.node.name === node.inputs[0]);
  const inputType = source === undefined ? 'int8' : source.outputType;
  const features: string[] = [node.op, `${node.op} of ${shape.length === 3 ? 'maps' : 'features'}`];
  if (elementCount(shape) === 1) features.push(`${node.op} of one element`);
  if (node === nodes.at(-1)!.node) features.push(`${node.op} gives the logits`);
  switch (node.op) {
    case 'linear':
    case 'conv2d': {
      const { format, bias, outputShifts } = node.weights;
      features.push(`${node.op} ${format}`);
      if (bias) features.push(`${node.op} bias`);
      if (outputShifts) features.push(`${node.op} shifts`);
      if (node.op === 'linear') {
        features.push(`linear inputs mod 10 = ${node.inFeatures % 10}`);
        if (node.outFeatures === 1) features.push('linear to one output');
        break;
      }
      const { kernel, stride, padding, groups, inChannels, outChannels } = node;
      const results = [outputShape[1]!, outputShape[2]!] as const;
      features.push(`conv2d ${inputType}`, ...windowFeatures('conv2d', shape, kernel, stride, padding));
      if (padding[0] >= kernel[0] || padding[1] >= kernel[1]) features.push('conv2d: padding as wide as the kernel');
      if (stepsBack(shape, results, stride, padding)) features.push('conv2d: stride oversteps the row');
      if (groups > 1 && groups < inChannels) features.push('conv2d groups');
      if (groups > 1 && groups === inChannels) {
        features.push(outChannels === groups ? 'conv2d depthwise' : 'conv2d depthwise with a multiplier');
      }
      break;
    }
    case 'maxPool2d':
    case 'avgPool2d': {
      features.push(`${node.op} ${inputType}`, ...windowFeatures(node.op, shape, node.size, node.stride, node.padding));
      if (node.op === 'maxPool2d') break;
      const padded = node.padding[0] + node.padding[1] > 0;
      if (padded) features.push(`avgPool2d ${node.countIncludePad ? 'counts' : 'leaves out'} padding`);
      break;
    }
    case 'requantize':
      features.push(`requantize to ${outputType}`, `requantize ${node.min < 0 ? 'signed' : 'with ReLU'}`);
      break;
    case 'crop':
      if (node.height === 1 && node.width === 1) features.push('crop to one element');
      if (node.top > 0 && node.left > 0) features.push('crop from inside');
      break;
    case 'topGroups': {
      const [groups] = inputShapes[1]!;
      features.push(`topGroups ${inputType}`, node.keep < groups ? 'topGroups leaves some out' : 'topGroups keeps all');
      if (groups < shape[0]) features.push('topGroups of several channels');
      break;
    }
    case 'add':
      if (node.inputs[0] === node.inputs[1]) features.push('add of a tensor to itself');
      if (node.leftShift[0] !== node.leftShift[1]) features.push('add with unequal shifts');
      if (node.multiplier !== undefined) features.push('add with a multiplier');
      features.push(`add ${inputType}`);
      break;
    default:
      break;
  }
  return features;
}

const of = (what: string, ...features: readonly string[]) => features.map((feature) => `${what}${feature}`);

const WINDOWS = [
  ...STRIDES.flatMap((stride) => [`vertical stride ${stride}`, `horizontal stride ${stride}`]),
  ...['non-square', 'unequal strides', 'window lower than its stride', 'window narrower than its stride'],
  ...['padding on all sides', 'unequal padding', 'whole map', 'single element'],
  ...['map that is not square', 'row', 'column', 'map of one element'],
];

const WANTED = [
  ...NODE_OPS,
  ...FORMAT_NAMES.flatMap((format) => [`linear ${format}`, `conv2d ${format}`]),
  ...['linear', 'conv2d'].flatMap((op) => of(`${op} `, 'bias', 'shifts', 'of one element', 'gives the logits')),
  ...Array.from({ length: 10 }, (_, rest) => `linear inputs mod 10 = ${rest}`),
  'linear to one output',
  ...['conv2d', 'maxPool2d', 'avgPool2d'].flatMap((op) => of(`${op}: `, ...WINDOWS)),
  ...of('conv2d: ', 'padding as wide as the kernel', 'stride oversteps the row'),
  ...of('conv2d ', 'groups', 'depthwise', 'depthwise with a multiplier'),
  ...['conv2d', 'maxPool2d', 'avgPool2d', 'add'].flatMap((op) => of(`${op} `, 'int8', 'int32')),
  ...['shiftNorm', 'maxAbsNorm', 'requantize', 'lookup', 'add'].flatMap((op) => of(`${op} of `, 'maps', 'features')),
  ...of('topGroups ', 'leaves some out', 'keeps all', 'of several channels', 'of maps', 'of features'),
  ...of('avgPool2d ', 'counts padding', 'leaves out padding'),
  ...of('requantize ', 'to int8', 'to int32', 'signed', 'with ReLU'),
  ...of('crop ', 'to one element', 'from inside'),
  ...of('add ', 'of a tensor to itself', 'with unequal shifts', 'with a multiplier'),
  ...['static input', 'static scales throughout', 'dynamic input', 'a tensor with two readers'],
];

describe('random models', () => {
  it('have every operation, every weight format and every geometry', () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < MODELS; index++) {
      const model = conformanceModel(1, index);
      const nodes = resolveModel(model);
      const features = new Set(nodes.flatMap((node) => featuresOf(nodes, node)));
      const hasNorms = model.nodes.some(({ op }) => op === 'shiftNorm' || op === 'maxAbsNorm');
      features.add(`${model.input.quantization.kind} input`);
      if (model.input.quantization.kind === 'static' && !hasNorms) features.add('static scales throughout');
      const read = model.nodes.flatMap(({ inputs }) => [...new Set(inputs)]);
      if (new Set(read).size < read.length) features.add('a tensor with two readers');
      for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1);
    }
    const rare = WANTED.filter((feature) => (counts.get(feature) ?? 0) < ENOUGH);
    expect(Object.fromEntries(rare.map((feature) => [feature, counts.get(feature) ?? 0]))).toEqual({});
  });
});
