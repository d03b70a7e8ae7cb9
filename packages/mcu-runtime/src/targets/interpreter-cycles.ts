// Cycles that a model's run in a prebuilt image spends outside of kernels: reading records, and calling what they name. Exported C has the
// operands in its code.
import type { CallNode } from '../sim/profile.js';

/** Straight-line code that loads a kernel's arguments and calls it. */
const CYCLES_A_CALL = 20;

/**
 * What firmware saves against the image, for estimates where no compiler has built it.
 * @param tree calls from the image's entry
 * @param dispatchers functions that call kernels by number
 * @param calls of kernels in one run
 */
export function interpreterCycles(tree: CallNode, dispatchers: ReadonlySet<string>, calls: number): number {
  return Math.max(0, outsideKernels(tree, dispatchers) - CYCLES_A_CALL * calls);
}

/** Of the interpreter and of what it calls of the compiler's library. */
function outsideKernels({ selfCycles, children }: CallNode, dispatchers: ReadonlySet<string>): number {
  return children
    .filter(({ name }) => dispatchers.has(name) || !name.startsWith('bnm_'))
    .reduce((sum, child) => sum + outsideKernels(child, dispatchers), selfCycles);
}
