// What stands at a graph's two ends besides layers: a normalization of its input, a softmax or sigmoid behind its logits. Both decide what
// a program around the network has to do, so an import says them.
import type { Shape } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import type { OutputActivation } from '../../float/float-reference.js';
import type { OnnxGraph, OnnxNode } from '../ir/graph.js';
import { endOfNetwork } from './network-end.js';
import { type SpecializedGraph, specialize } from './specialize.js';

/** Constant arithmetic, or a batch norm, on the graph's own input. */
export interface InputNormalization {
  /** Names of its nodes. */
  readonly nodes: readonly string[];
  readonly kind: 'constants' | 'batchNorm';
  /** Of the first channel: x·factor + offset. */
  readonly factor: number;
  readonly offset: number;
}

export interface GraphEnds {
  /** Undefined: the first layer reads the input as it is. */
  readonly normalization: InputNormalization | undefined;
  readonly outputs: number;
  readonly activation: OutputActivation | undefined;
}

/**
 * @param inputShape of one sample, where the file leaves dimensions besides the batch open
 * @throws ExporterError as `quantize` for graphs that cannot be read.
 */
export function graphEnds(graph: OnnxGraph, inputShape?: readonly number[]): GraphEnds {
  const specialized = specialize(graph, inputShape);
  const { output, activation } = endOfNetwork(specialized);
  const [, ...sample] = specialized.shapes.get(output) ?? [specialized.batch];
  return {
    normalization: inputNormalization(specialized),
    outputs: elementCount(sample as unknown as Shape),
    activation,
  };
}

/** Operators that move values without changing them. */
const MOVES: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
  'Dropout',
]);

interface Affine {
  readonly factor: number;
  readonly offset: number;
}

function inputNormalization(specialized: SpecializedGraph): InputNormalization | undefined {
  const nodes: string[] = [];
  let kind: InputNormalization['kind'] = 'constants';
  let [factor, offset] = [1, 0];
  for (let value = specialized.graph.inputs[0]!.name; ; ) {
    const readers = specialized.nodes.filter(({ inputs }) => inputs.includes(value));
    const node = readers.length === 1 ? readers[0]! : undefined;
    if (node === undefined || node.domain !== '') break;
    if (!MOVES.has(node.operator)) {
      const affine = affineOf(node, value, specialized);
      if (affine === undefined) break;
      factor *= affine.factor;
      offset = offset * affine.factor + affine.offset;
      nodes.push(node.name);
      if (node.operator === 'BatchNormalization') kind = 'batchNorm';
    }
    value = node.outputs[0]!;
  }
  return factor === 1 && offset === 0 ? undefined : { nodes, kind, factor, offset };
}

/** What a node makes of the first channel of `value`, where that is a·x + b with constants. */
function affineOf(node: OnnxNode, value: string, { constants }: SpecializedGraph): Affine | undefined {
  const constant = (index: number) => constants.get(node.inputs[index] ?? '')?.data[0];
  const first = node.inputs[0] === value;
  const other = constant(first ? 1 : 0);
  switch (node.operator) {
    case 'BatchNormalization': {
      const [gain, shift, mean, variance] = [1, 2, 3, 4].map(constant);
      if (gain === undefined || shift === undefined || mean === undefined || variance === undefined) return undefined;
      const factor = gain / Math.sqrt(variance + ((node.attributes.get('epsilon') as number | undefined) ?? 1e-5));
      return { factor, offset: shift - mean * factor };
    }
    case 'Add':
      return other === undefined ? undefined : { factor: 1, offset: other };
    case 'Sub':
      if (other === undefined) return undefined;
      return first ? { factor: 1, offset: -other } : { factor: -1, offset: other };
    case 'Mul':
      return other === undefined ? undefined : { factor: other, offset: 0 };
    case 'Div':
      return other === undefined || !first ? undefined : { factor: 1 / other, offset: 0 };
    default:
      return undefined;
  }
}
