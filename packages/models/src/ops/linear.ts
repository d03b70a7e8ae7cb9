// linear: acc[o] = (Σ_i w[o,i]·x[i]) << outputShifts[o] + bias[o] over int8 activations.
import type { FormatName } from '@bitnetmcu/quant';
import { ModelError } from '../errors.js';
import { constantIntervals, perElement } from '../intervals.js';
import type { QuantizedWeights } from '../quantized-weights.js';
import { randomFeatures } from '../random/random-geometry.js';
import { randomWeights } from '../random/random-weights.js';
import { dimension } from '../schema-parts.js';
import { elementCount, formatShape } from '../tensor-shape.js';
import type { Node, OpDefinition, RandomSite, Unplaced } from './op-definition.js';
import { describeWeights, nodeIntegers, RowBounds, SUM_REMEDY } from './weights.js';

/** acc[o] = (Σ_i integer[codes[o,i]]·x[i]) << outputShifts[o] + bias[o], int32. x is int8 activations (the input, shiftNorm, maxAbsNorm, requantize to int8, lookup or what only moves those), flattened channel-major. */
export interface LinearNode extends Node {
  readonly op: 'linear';
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weights: QuantizedWeights;
}

export const linear: OpDefinition<LinearNode, number> = {
  op: 'linear',
  meaning: 'acc[o] = (Σᵢ weight[o,i] · x[i]) << outputShift[o], + bias[o]',
  schema: { inFeatures: dimension, outFeatures: dimension },
  inputs: 1,
  readsInt8: ': put a shiftNorm, a maxAbsNorm or a requantize to int8 between',
  matrix: ({ inFeatures, outFeatures }) => ({ rows: outFeatures, columns: inFeatures }),
  shape(node, [input], who) {
    if (elementCount(input!) === node.inFeatures) return [node.outFeatures];
    throw new ModelError(
      'shape-mismatch',
      `${who} has inFeatures ${node.inFeatures}, but '${node.inputs[0]}' has ${elementCount(input!)} elements (${formatShape(input!)}).`,
    );
  },
  type: () => 'int32',
  reference({ node }, [x], out) {
    const integers = nodeIntegers(node);
    const { outputShifts, bias } = node.weights;
    return () => multiply(x!, integers, outputShifts, bias, out);
  },
  bounds({ node, inputShapes }, [input], accumulator) {
    const { min, max } = perElement(input!, inputShapes[0]!);
    const integers = nodeIntegers(node);
    const { inFeatures, outFeatures } = node;
    const output = constantIntervals(outFeatures, 0, 0);
    for (let o = 0; o < outFeatures; o++) {
      const row = new RowBounds();
      for (let i = 0; i < inFeatures; i++) row.add(integers[o * inFeatures + i]!, min[i]!, max[i]!);
      row.finish(node.weights, o, output, accumulator);
    }
    return output;
  },
  remedy: SUM_REMEDY,
  memory: () => ({ inPlace: false, channelwise: 'no' }),
  describe: ({ inFeatures, outFeatures, weights }) => `linear ${inFeatures}→${outFeatures} ${describeWeights(weights)}`,
  *random(site, outFeatures = randomFeatures(site.random, Math.min(100, site.maxElements))) {
    if (site.type !== 'int8') return;
    const format = site.random.pick(site.formats);
    for (let level = site.random.integer(0, 2); level >= 0; level--) {
      yield randomLinear(site, format, outFeatures, level);
    }
  },
};

/** @param level how far shifts and biases may reach, see `randomWeights` */
export function randomLinear(
  { random, shape }: RandomSite,
  format: FormatName,
  outFeatures: number,
  level: number,
): Unplaced<LinearNode> {
  const inFeatures = elementCount(shape);
  return {
    op: 'linear',
    inFeatures,
    outFeatures,
    weights: randomWeights(random, format, outFeatures, inFeatures, level),
  };
}

/** Output-major weights; `out.length` rows of `x.length`. */
function multiply(
  x: Int32Array,
  weights: Int16Array,
  outputShifts: Uint8Array | undefined,
  bias: Int32Array | undefined,
  out: Int32Array,
): void {
  const columns = x.length;
  const unrolled = columns & ~3;
  for (let o = 0, k = 0; o < out.length; o++) {
    let acc = 0;
    let i = 0;
    for (; i < unrolled; i += 4, k += 4) {
      acc =
        (acc +
          Math.imul(weights[k]!, x[i]!) +
          Math.imul(weights[k + 1]!, x[i + 1]!) +
          Math.imul(weights[k + 2]!, x[i + 2]!) +
          Math.imul(weights[k + 3]!, x[i + 3]!)) |
        0;
    }
    for (; i < columns; i++, k++) acc = (acc + Math.imul(weights[k]!, x[i]!)) | 0;
    if (outputShifts !== undefined) acc <<= outputShifts[o]!;
    if (bias !== undefined) acc = (acc + bias[o]!) | 0;
    out[o] = acc;
  }
}
