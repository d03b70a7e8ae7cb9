// The fixed right shifts after convolutions: as small as the overflow proof allows, because every shift costs precision.
import { ModelError, proveAccumulatorBounds, type QuantizedModel, type QuantizedNode } from '@bitnetmcu/models';
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import { ExporterError } from '../errors.js';

/** Right shift after convolutions whose weights span int8 (the original project's C code has it fixed, DESIGN §4). */
const INT8_SHIFT = 4;

/**
 * The shift that leaves accumulators of a format's integers on the scale that int8 weights and a shift of 4 give.
 * Smaller integers make smaller sums: shifting them by 4 too cost 0.15 to 0.2 % of MNIST with 4-bit convolutions.
 * @returns 4 for `8bit`, `FP130` and `NF4`, 2 for `5bitsym`, 1 for `4bitsym`, 0 for `Binary`
 */
export function defaultConvolutionShift(format: FormatName): number {
  const largest = Math.max(...getFormat(format).integers.map(Math.abs));
  return Math.max(0, INT8_SHIFT - (7 - Math.ceil(Math.log2(largest))));
}

/** int32 ≥ 0 shifted further right is 0 everywhere. */
const LARGEST_SHIFT = 24;

/**
 * Raises the shifts of the named `reluShift` nodes, the nearest before an overflow first, until no accumulator can overflow for any input.
 * @param adjustable names of the nodes that may change; all others keep their shift.
 * @throws ExporterError `accumulator-overflow` naming the layer where no adjustable shift helps.
 */
export function raiseShifts(
  model: Pick<QuantizedModel, 'input' | 'nodes'>,
  adjustable: ReadonlySet<string>,
): QuantizedNode[] {
  const nodes = [...model.nodes];
  if (!overflowOf(model, nodes, nodes.length)) return nodes;
  for (let end = 1; end <= nodes.length; end++) {
    for (let overflow = overflowOf(model, nodes, end); overflow; overflow = overflowOf(model, nodes, end)) {
      const raised = nodes.findLastIndex(
        (node, index) =>
          index < end && node.op === 'reluShift' && adjustable.has(node.name) && node.shift < LARGEST_SHIFT,
      );
      const node = nodes[raised];
      if (node?.op !== 'reluShift') {
        const layer = nodes[end - 1]!.name;
        throw new ExporterError(
          'accumulator-overflow',
          `layer ${layer}: ${overflow.message} No shift before it may change: remove "shift" from the convolutions, or use fewer inputs or smaller weights`,
          { layer, cause: overflow },
        );
      }
      nodes[raised] = { ...node, shift: node.shift + 1 };
    }
  }
  return nodes;
}

/** The proof's refusal of the first `end` nodes (a chain, so that every prefix is a network), or undefined. */
function overflowOf(
  model: Pick<QuantizedModel, 'input'>,
  nodes: readonly QuantizedNode[],
  end: number,
): ModelError | undefined {
  try {
    proveAccumulatorBounds({ input: model.input, nodes: nodes.slice(0, end) });
    return undefined;
  } catch (error) {
    if (error instanceof ModelError && error.code === 'accumulator-overflow') return error;
    throw error;
  }
}
