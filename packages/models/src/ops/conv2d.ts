// conv2d: cross-correlation with zero padding and groups, int32 accumulators.

import { ModelError } from '../errors.js';
import { constantIntervals } from '../intervals.js';
import type { QuantizedWeights } from '../quantized-weights.js';
import { randomGroups, randomKernel, windowsOver } from '../random/random-geometry.js';
import { randomWeights } from '../random/random-weights.js';
import { dimension } from '../schema-parts.js';
import { convolvedShape } from '../spatial-shapes.js';
import { formatShape, type Pair } from '../tensor-shape.js';
import { isPadded, type MemoryRole, type Node, type OpDefinition, paddingPair, windowPair } from './op-definition.js';
import { describeWeights, nodeIntegers, RowBounds, SUM_REMEDY } from './weights.js';

/** Cross-correlation like LinearNode over int8 or int32 activations, int32 accumulators, zero padding above and below, left and right; groups = channels is depthwise. */
export interface Conv2dNode extends Node {
  readonly op: 'conv2d';
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly groups: number;
  readonly weights: QuantizedWeights;
}

export const conv2d: OpDefinition<Conv2dNode> = {
  op: 'conv2d',
  meaning:
    'the same as cross-correlation over a window [height, width], zero padding [above and below, left and right]; groups = channels is depthwise',
  schema: {
    inChannels: dimension,
    outChannels: dimension,
    kernel: windowPair,
    stride: windowPair,
    padding: paddingPair,
    groups: dimension,
  },
  inputs: 1,
  matrix: ({ inChannels, outChannels, groups, kernel }) => ({
    rows: outChannels,
    columns: (inChannels / groups) * kernel[0] * kernel[1],
  }),
  shape(node, inputs, who) {
    const input = inputs[0]!;
    if (input.length === 3 && input[0] !== node.inChannels) {
      throw new ModelError(
        'shape-mismatch',
        `${who} has inChannels ${node.inChannels}, but '${node.inputs[0]}' has ${input[0]} channels (${formatShape(input)}).`,
      );
    }
    if (node.inChannels % node.groups !== 0 || node.outChannels % node.groups !== 0) {
      throw new ModelError(
        'shape-mismatch',
        `${who} maps ${node.inChannels} to ${node.outChannels} channels in ${node.groups} groups: groups that divide both wanted.`,
      );
    }
    return convolvedShape(who, input, node);
  },
  type: () => 'int32',
  reference({ node, inputShapes, outputShape }, [x], out) {
    const [, inHeight, inWidth] = inputShapes[0] as readonly [number, number, number];
    const [, outHeight, outWidth] = outputShape as readonly [number, number, number];
    const plan = { node, weights: nodeIntegers(node), inHeight, inWidth, outHeight, outWidth };
    return () => convolve(plan, x!, out);
  },
  bounds({ node }, [input], accumulator) {
    const { inChannels, outChannels, groups, kernel } = node;
    const { min, max } = input!;
    const weights = nodeIntegers(node);
    const padded = isPadded(node.padding);
    const taps = kernel[0] * kernel[1];
    const groupInputs = inChannels / groups;
    const groupOutputs = outChannels / groups;
    const output = constantIntervals(outChannels, 0, 0);
    for (let o = 0; o < outChannels; o++) {
      const row = new RowBounds();
      const firstInput = Math.floor(o / groupOutputs) * groupInputs;
      for (let i = 0; i < groupInputs; i++) {
        // A weight over the padding reads 0.
        const low = padded ? Math.min(0, min[firstInput + i]!) : min[firstInput + i]!;
        const high = padded ? Math.max(0, max[firstInput + i]!) : max[firstInput + i]!;
        for (let t = 0; t < taps; t++) row.add(weights[(o * groupInputs + i) * taps + t]!, low, high);
      }
      row.finish(node.weights, o, output, accumulator);
    }
    return output;
  },
  remedy: SUM_REMEDY,
  memory: convolutionMemory,
  describe: ({ inChannels, outChannels, kernel, stride, padding, groups, weights }) =>
    `conv2d ${inChannels}→${outChannels} kernel ${kernel.join('×')} stride ${stride.join('×')} padding ${padding} groups ${groups} ${describeWeights(weights)}`,
  *random({ random, shape, formats, maxElements }) {
    if (shape.length !== 3) return;
    const [inChannels, height, width] = shape;
    const { size: kernel, stride, padding } = randomKernel(random, [height, width]);
    const [rows, columns] = windowsOver([height, width], { size: kernel, stride, padding });
    const groups = randomGroups(random, inChannels);
    const room = Math.max(1, Math.floor(maxElements / (rows * columns * groups)));
    const outChannels = groups * random.integer(1, Math.min(room, groups === 1 ? 6 : 3));
    if (outChannels * rows * columns > maxElements) return;
    const format = random.pick(formats);
    const taps = (inChannels / groups) * kernel[0] * kernel[1];
    for (let level = random.integer(0, 2); level >= 0; level--) {
      const weights = randomWeights(random, format, outChannels, taps, level);
      yield { op: 'conv2d', inChannels, outChannels, kernel, stride, padding, groups, weights };
    }
  },
};

/** Only an unpadded depthwise convolution can overwrite its own channel; with several outputs a group the channels do not advance in step. */
export function convolutionMemory({
  groups,
  inChannels,
  outChannels,
  padding,
}: Pick<Conv2dNode, 'groups' | 'inChannels' | 'outChannels' | 'padding'>): MemoryRole {
  const depthwise = groups === inChannels && inChannels === outChannels && inChannels > 1;
  if (depthwise) return { inPlace: false, channelwise: isPadded(padding) ? 'start' : 'continue' };
  return { inPlace: false, channelwise: groups === 1 ? 'start' : 'no' };
}

/** The loop bounds of one convolution, worked out once. */
interface Conv2dPlan {
  readonly node: Conv2dNode;
  readonly weights: Int16Array;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

function convolve(plan: Conv2dPlan, x: Int32Array, out: Int32Array): void {
  const { inChannels, outChannels, groups, kernel, stride, padding } = plan.node;
  const { outputShifts, bias } = plan.node.weights;
  const groupInputs = inChannels / groups;
  const groupOutputs = outChannels / groups;
  const inMap = plan.inHeight * plan.inWidth;
  const outMap = plan.outHeight * plan.outWidth;
  const taps = kernel[0] * kernel[1];
  const plain3x3 = isSquare(kernel, 3) && isSquare(stride, 1) && isSquare(padding, 0);
  out.fill(0);
  for (let o = 0, k = 0; o < outChannels; o++) {
    const firstInput = Math.floor(o / groupOutputs) * groupInputs;
    for (let i = 0; i < groupInputs; i++, k += taps) {
      if (plain3x3) addKernel3x3(plan, k, x, (firstInput + i) * inMap, out, o * outMap);
      else addKernel(plan, k, x, (firstInput + i) * inMap, out, o * outMap);
    }
    const shift = outputShifts?.[o] ?? 0;
    const offset = bias?.[o] ?? 0;
    if (shift !== 0 || offset !== 0) {
      for (let p = o * outMap; p < (o + 1) * outMap; p++) out[p] = ((out[p]! << shift) + offset) | 0;
    }
  }
}

function isSquare(extents: Pair, side: number): boolean {
  return extents[0] === side && extents[1] === side;
}

/** Adds one kernel's correlation with one map, a tap on the whole map at a time, so that the inner loop runs along a row. */
function addKernel(
  plan: Conv2dPlan,
  k: number,
  input: Int32Array,
  inStart: number,
  out: Int32Array,
  outStart: number,
): void {
  const [rows, columns] = plan.node.kernel;
  for (let ky = 0; ky < rows; ky++) {
    for (let kx = 0; kx < columns; kx++, k++) addTap(plan, plan.weights[k]!, ky, kx, input, inStart, out, outStart);
  }
}

/** The usual case, stride 1 without padding, with the kernel in nine variables. */
function addKernel3x3(
  plan: Conv2dPlan,
  k: number,
  x: Int32Array,
  inStart: number,
  out: Int32Array,
  outStart: number,
): void {
  const { weights, inWidth, outHeight, outWidth } = plan;
  const [w0, w1, w2] = [weights[k]!, weights[k + 1]!, weights[k + 2]!];
  const [w3, w4, w5] = [weights[k + 3]!, weights[k + 4]!, weights[k + 5]!];
  const [w6, w7, w8] = [weights[k + 6]!, weights[k + 7]!, weights[k + 8]!];
  for (let oy = 0, p = outStart; oy < outHeight; oy++) {
    let a = inStart + oy * inWidth;
    let b = a + inWidth;
    let c = b + inWidth;
    for (let ox = 0; ox < outWidth; ox++, p++, a++, b++, c++) {
      const top = (Math.imul(w0, x[a]!) + Math.imul(w1, x[a + 1]!) + Math.imul(w2, x[a + 2]!)) | 0;
      const middle = (Math.imul(w3, x[b]!) + Math.imul(w4, x[b + 1]!) + Math.imul(w5, x[b + 2]!)) | 0;
      const bottom = (Math.imul(w6, x[c]!) + Math.imul(w7, x[c + 1]!) + Math.imul(w8, x[c + 2]!)) | 0;
      out[p] = (out[p]! + top + middle + bottom) | 0;
    }
  }
}

/** out[y, x] += weight · in[y·stride + ky − padding, x·stride + kx − padding], where that lies inside the input. */
function addTap(
  plan: Conv2dPlan,
  weight: number,
  ky: number,
  kx: number,
  input: Int32Array,
  inStart: number,
  out: Int32Array,
  outStart: number,
): void {
  const { inHeight, inWidth, outHeight, outWidth } = plan;
  const { stride, padding } = plan.node;
  const [strideY, strideX] = stride;
  const [paddingY, paddingX] = padding;
  const firstX = Math.max(0, Math.ceil((paddingX - kx) / strideX));
  const endX = Math.min(outWidth, Math.floor((inWidth - 1 + paddingX - kx) / strideX) + 1);
  for (let oy = 0; oy < outHeight; oy++) {
    const iy = oy * strideY + ky - paddingY;
    if (iy < 0 || iy >= inHeight) continue;
    let i = inStart + iy * inWidth + firstX * strideX + kx - paddingX;
    const end = outStart + oy * outWidth + endX;
    for (let p = outStart + oy * outWidth + firstX; p < end; p++, i += strideX) {
      out[p] = (out[p]! + Math.imul(weight, input[i]!)) | 0;
    }
  }
}
