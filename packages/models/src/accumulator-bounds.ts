// The proof that no accumulator can overflow: intervals are propagated through every node with the actual integer weights.
import { Accumulator } from './accumulator.js';
import { INPUT } from './graph.js';
import { constantIntervals, hull, type Intervals, type Range } from './intervals.js';
import { opOf } from './ops/index.js';
import type { QuantizedModel } from './quantized-model.js';
import { type ResolvedNode, resolveModel } from './resolve-model.js';

export type { Range } from './intervals.js';

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
    const op = opOf(node);
    const accumulator = new Accumulator(node, op.remedy ?? 'shift more to the right before it');
    const inputs = node.inputs.map((name) => this.#tensors.get(name)!);
    const output = op.bounds(resolved, inputs, accumulator);
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

function fitsInt16({ min, max }: Range): boolean {
  return min >= -32_768 && max <= 32_767;
}
