// The fixed right shifts after convolutions: as small as the overflow proof allows, because every shift costs precision.
import { ModelError, proveAccumulatorBounds, type QuantizedModel, type QuantizedNode } from '@bitnetmcu/models';
import { ExporterError } from '../errors.js';

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
