// The proof that no accumulator can overflow: intervals are propagated through every node with the actual integer weights.
import { ModelError } from './errors.js';
import { INPUT } from './graph.js';
import { maxAbsNormShift, shiftNormShift } from './kernels/pointwise.js';
import { meanFactor, windowSizes } from './kernels/pool.js';
import type {
  AddNode,
  AvgPool2dNode,
  Conv2dNode,
  LinearNode,
  LookupNode,
  QuantizedModel,
  RequantizeNode,
  Shape,
} from './quantized-model.js';
import { nodeIntegers, type ResolvedNode, resolveModel } from './resolve-model.js';
import { elementCount } from './tensor-shape.js';

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);

/** A node whose accumulators int32 cannot hold for every input. */
export class AccumulatorOverflow extends ModelError {
  static override readonly className: string = 'AccumulatorOverflow';

  constructor(
    /** Name of the node. */
    readonly node: string,
    op: string,
    /** The value that it can reach. */
    readonly reaches: number,
    limit: number,
  ) {
    super(
      'accumulator-overflow',
      `Node '${node}' (${op}) can reach ${reaches}, but int32 ends at ${limit}: ${remedy(op)}`,
    );
  }
}

/** A closed interval of integers. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What is proven of one node, for every possible int8 input of the model. */
export interface NodeBounds {
  readonly name: string;
  /** Every intermediate value: partial sums with bias in any order, before and after shift and rounding. */
  readonly accumulator: Range;
  /** Every element of the output. */
  readonly output: Range;
  /** Whether int16 holds every element of the output. */
  readonly int16Sufficient: boolean;
  /** Whether int16 holds every intermediate value too. */
  readonly int16Accumulator: boolean;
}

/** Bounds of a tensor: one interval a feature, or one a channel of [channels, height, width]. */
interface Intervals {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/**
 * Proves for a valid model that int32 suffices in every node, whatever the input; bounds in node order.
 * Bounds of a linear or convolution row are attained (the proof is exact) where its inputs' intervals are independent.
 * @throws AccumulatorOverflow (a ModelError `accumulator-overflow`) naming node, bound and remedy; what `resolveModel` throws.
 *
 * @example
 * ```ts
 * import { proveAccumulatorBounds } from '@bitnetmcu/models';
 *
 * for (const { name, accumulator } of proveAccumulatorBounds(model)) console.log(name, accumulator.min, accumulator.max);
 * ```
 */
export function proveAccumulatorBounds(model: Pick<QuantizedModel, 'input' | 'nodes'>): NodeBounds[] {
  const proof = new BoundsProof(model.input);
  return resolveModel(model).map((resolved) => proof.prove(resolved));
}

/** The proof node by node, in order; a node that was changed is proven again, and then those after it, without starting anew. */
export class BoundsProof {
  readonly #tensors = new Map<string, Intervals>();

  constructor({ shape }: Pick<QuantizedModel['input'], 'shape'>) {
    this.#tensors.set(INPUT, constantIntervals(shape[0], -128, 127));
  }

  /**
   * @param resolved a node whose inputs are proven
   * @throws ModelError `accumulator-overflow`
   */
  prove(resolved: ResolvedNode): NodeBounds {
    const { node } = resolved;
    const accumulator = new Accumulator(node.name, node.op);
    const inputs = node.inputs.map((name) => this.#tensors.get(name)!);
    const output = propagate(resolved, inputs, accumulator);
    this.#tensors.set(node.name, output);
    const outputRange = hull(output);
    accumulator.hold(outputRange.min, outputRange.max);
    return {
      name: node.name,
      accumulator: accumulator.range,
      output: outputRange,
      int16Sufficient: fitsInt16(outputRange),
      int16Accumulator: fitsInt16(accumulator.range),
    };
  }
}

/** Collects every value that an int32 of one node must hold, and refuses the first that it cannot. */
class Accumulator {
  private min = 0;
  private max = 0;

  constructor(
    private readonly name: string,
    private readonly op: string,
  ) {}

  get range(): Range {
    return { min: this.min, max: this.max };
  }

  hold(min: number, max: number): void {
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
    if (this.min >= INT32_MIN && this.max <= INT32_MAX) return;
    const [bound, limit] = this.max > INT32_MAX ? [this.max, INT32_MAX] : [this.min, INT32_MIN];
    throw new AccumulatorOverflow(this.name, this.op, bound, limit);
  }
}

function remedy(op: string): string {
  switch (op) {
    case 'linear':
    case 'conv2d':
      return 'shift more to the right before it (reluShift, shiftNorm), use smaller output shifts or biases, fewer inputs or a format with smaller weights.';
    case 'add':
      return 'use smaller left shifts.';
    default:
      return 'shift more to the right before it.';
  }
}

function propagate(resolved: ResolvedNode, inputs: readonly Intervals[], accumulator: Accumulator): Intervals {
  const { node, inputShapes, outputShape } = resolved;
  const input = inputs[0]!;
  switch (node.op) {
    case 'linear':
      return linearBounds(node, perElement(input, inputShapes[0]!), accumulator);
    case 'conv2d':
      return convBounds(node, input, accumulator);
    case 'shiftNorm': {
      const { max } = hull(input);
      const rounding = (1 << shiftNormShift(Math.max(0, max))) >> 1;
      accumulator.hold(0, max + rounding);
      return mapIntervals(
        input,
        () => 0,
        (high) => Math.min(127, Math.max(0, high)),
      );
    }
    case 'maxAbsNorm': {
      // 254·a + d and the divisor 2·d·2^6 of a bitwise division stay below 2^31 by construction.
      const max = Math.max(0, hull(input).max);
      accumulator.hold(0, 255 * (max >> maxAbsNormShift(max)));
      return mapIntervals(
        input,
        () => 0,
        (high) => Math.min(127, Math.max(0, high * 127)),
      );
    }
    case 'reluShift': {
      const f = (x: number) => Math.max(0, x) >> node.shift;
      return mapIntervals(input, f, f);
    }
    case 'requantize':
      return requantizeBounds(node, input, accumulator);
    case 'lookup':
      return lookupBounds(node, input);
    case 'maxPool2d':
    case 'crop':
      return input;
    case 'avgPool2d':
      return avgPoolBounds(node, input, inputShapes[0]!, accumulator);
    case 'flatten':
      return perElement(input, inputShapes[0]!);
    case 'add':
      return addBounds(node, inputs, outputShape, accumulator);
    default:
      return node satisfies never;
  }
}

function linearBounds(node: LinearNode, input: Intervals, accumulator: Accumulator): Intervals {
  const weights = nodeIntegers(node);
  const { inFeatures, outFeatures } = node;
  const output = constantIntervals(outFeatures, 0, 0);
  for (let o = 0; o < outFeatures; o++) {
    const row = new RowBounds();
    for (let i = 0; i < inFeatures; i++) row.add(weights[o * inFeatures + i]!, input.min[i]!, input.max[i]!);
    row.finish(node, o, output, accumulator);
  }
  return output;
}

function convBounds(node: Conv2dNode, input: Intervals, accumulator: Accumulator): Intervals {
  const weights = nodeIntegers(node);
  const { inChannels, outChannels, groups, kernel, padding } = node;
  const padded = padding[0] + padding[1] > 0;
  const taps = kernel[0] * kernel[1];
  const groupInputs = inChannels / groups;
  const groupOutputs = outChannels / groups;
  const output = constantIntervals(outChannels, 0, 0);
  for (let o = 0; o < outChannels; o++) {
    const row = new RowBounds();
    const firstInput = Math.floor(o / groupOutputs) * groupInputs;
    for (let i = 0; i < groupInputs; i++) {
      // A tap over the padding reads 0.
      const min = padded ? Math.min(0, input.min[firstInput + i]!) : input.min[firstInput + i]!;
      const max = padded ? Math.max(0, input.max[firstInput + i]!) : input.max[firstInput + i]!;
      for (let t = 0; t < taps; t++) row.add(weights[(o * groupInputs + i) * taps + t]!, min, max);
    }
    row.finish(node, o, output, accumulator);
  }
  return output;
}

/** Σ w·x with each x in its own interval: the sum itself, and every partial sum whatever the order. */
class RowBounds {
  private min = 0;
  private max = 0;
  private partialMin = 0;
  private partialMax = 0;

  add(weight: number, min: number, max: number): void {
    const low = weight >= 0 ? weight * min : weight * max;
    const high = weight >= 0 ? weight * max : weight * min;
    this.min += low;
    this.max += high;
    if (low < 0) this.partialMin += low;
    if (high > 0) this.partialMax += high;
  }

  finish(node: LinearNode | Conv2dNode, row: number, output: Intervals, accumulator: Accumulator): void {
    const factor = 2 ** (node.weights.outputShifts?.[row] ?? 0);
    const bias = node.weights.bias?.[row] ?? 0;
    // An implementation may start at the bias or shift every product: all such orders stay inside.
    accumulator.hold(this.partialMin * factor + Math.min(0, bias), this.partialMax * factor + Math.max(0, bias));
    // `+ 0` turns −0 into 0.
    output.min[row] = this.min * factor + bias + 0;
    output.max[row] = this.max * factor + bias + 0;
  }
}

function requantizeBounds(node: RequantizeNode, input: Intervals, accumulator: Accumulator): Intervals {
  const { min, max } = hull(input);
  const rounding = (1 << node.shift) >> 1;
  accumulator.hold(min + rounding, max + rounding);
  const f = (x: number) => Math.min(node.max, Math.max(node.min, (x + rounding) >> node.shift));
  return mapIntervals(input, f, f);
}

/** The hull of the entries that an interval reaches. */
function lookupBounds({ table }: LookupNode, input: Intervals): Intervals {
  const reached = Array.from(input.min, (min, i) => table.slice(min + 128, input.max[i]! + 129));
  return {
    min: Float64Array.from(reached, (entries) => Math.min(...entries)),
    max: Float64Array.from(reached, (entries) => Math.max(...entries)),
  };
}

function avgPoolBounds(node: AvgPool2dNode, input: Intervals, shape: Shape, accumulator: Accumulator): Intervals {
  const output = constantIntervals(input.min.length, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  const { min, max } = hull(input);
  for (const { elements, divisor } of windowSizes(node, shape)) {
    const { factor, rounding, shift } = meanFactor(divisor);
    accumulator.hold(elements * Math.min(0, min), elements * Math.max(0, max));
    accumulator.hold(elements * min * factor + rounding, elements * max * factor + rounding);
    const mean = (x: number) => (elements * x * factor + rounding) >> shift;
    for (let i = 0; i < output.min.length; i++) {
      output.min[i] = Math.min(output.min[i]!, mean(input.min[i]!));
      output.max[i] = Math.max(output.max[i]!, mean(input.max[i]!));
    }
  }
  return output;
}

function addBounds(node: AddNode, inputs: readonly Intervals[], shape: Shape, accumulator: Accumulator): Intervals {
  const [a, b] = inputs as [Intervals, Intervals];
  const [left, right] = [2 ** node.leftShift[0], 2 ** node.leftShift[1]];
  const output = constantIntervals(shape[0], 0, 0);
  for (let i = 0; i < output.min.length; i++) {
    accumulator.hold(a.min[i]! * left, a.max[i]! * left);
    accumulator.hold(b.min[i]! * right, b.max[i]! * right);
    output.min[i] = a.min[i]! * left + b.min[i]! * right;
    output.max[i] = a.max[i]! * left + b.max[i]! * right;
    accumulator.hold(output.min[i]!, output.max[i]!);
  }
  return output;
}

function constantIntervals(length: number, min: number, max: number): Intervals {
  return { min: new Float64Array(length).fill(min), max: new Float64Array(length).fill(max) };
}

function mapIntervals(input: Intervals, low: (x: number) => number, high: (x: number) => number): Intervals {
  return { min: input.min.map(low), max: input.max.map(high) };
}

/** One interval an element, channel-major. */
function perElement(input: Intervals, shape: Shape): Intervals {
  if (shape.length === 1) return input;
  const positions = shape[1] * shape[2];
  const output = constantIntervals(elementCount(shape), 0, 0);
  for (let channel = 0; channel < shape[0]; channel++) {
    output.min.fill(input.min[channel]!, channel * positions, (channel + 1) * positions);
    output.max.fill(input.max[channel]!, channel * positions, (channel + 1) * positions);
  }
  return output;
}

function hull(intervals: Intervals): Range {
  return {
    min: intervals.min.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    max: intervals.max.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  };
}

function fitsInt16({ min, max }: Range): boolean {
  return min >= -32_768 && max <= 32_767;
}
