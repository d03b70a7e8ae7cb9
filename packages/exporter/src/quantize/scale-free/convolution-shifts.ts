// The fixed right shifts after convolutions: as small as the overflow proof allows, because every shift costs precision.
import { ModelError, type QuantizedModel, type QuantizedNode, type ResolvedNode } from '@bitnetmcu/models';
import { BoundsProof, resolveModel } from '@bitnetmcu/models/internal';
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import { ExporterError } from '../../errors.js';

/** Right shift after convolutions whose weights span int8 (the C code of the original project has it fixed). */
const INT8_SHIFT = 4;

/**
 * The shift that leaves accumulators of a format's integers on the scale that int8 weights and a shift of 4 give.
 * Smaller integers make smaller sums: shifting them by 4 too cost 0.15 to 0.2 % of MNIST with 4-bit convolutions.
 * @returns 4 for integers up to 127 or 128, 2 up to 31, 1 up to 15, 0 up to 7
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
  const resolved = resolveModel(model);
  const proof = new BoundsProof(model.input);
  for (let i = 0; i < resolved.length; ) {
    const overflow = overflowAt(proof, resolved[i]!);
    if (overflow === undefined) {
      i++;
      continue;
    }
    const raised = resolved.findLastIndex(
      ({ node }, index) =>
        index <= i && node.op === 'reluShift' && adjustable.has(node.name) && node.shift < LARGEST_SHIFT,
    );
    const before = resolved[raised];
    if (before?.node.op !== 'reluShift') {
      const layer = resolved[i]!.node.name;
      throw new ExporterError(
        'accumulator-overflow',
        `Layer ${layer}: ${overflow.message} No shift before it may change: remove "shift" from the convolutions, or use fewer inputs or smaller weights`,
        { layer, cause: overflow },
      );
    }
    resolved[raised] = { ...before, node: { ...before.node, shift: before.node.shift + 1 } };
    // What stands before the shift keeps its proof.
    i = raised;
  }
  return resolved.map(({ node }) => node);
}

/** The proof's refusal of a node, or undefined. */
function overflowAt(proof: BoundsProof, resolved: ResolvedNode): ModelError | undefined {
  try {
    proof.prove(resolved);
    return undefined;
  } catch (error) {
    if (error instanceof ModelError && error.code === 'accumulator-overflow') return error;
    throw error;
  }
}
