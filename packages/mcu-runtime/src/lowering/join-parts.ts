// Buffers that become parts of a larger one, so that what makes them writes it piece by piece.
import type { QuantizedNode } from '@bitnetmcu/models';
import { RuntimeError } from '../errors.js';
import type { Tensor } from './node-lowering.js';
import type { Buffer } from './step.js';

/**
 * Places the parts one behind another in `whole`.
 * @param joinable the buffers that could be parts: their makers write just them
 * @throws RuntimeError `unknown-op` for parts that have a place already, and for logits, whose place is the caller's
 */
export function joinParts(node: QuantizedNode, parts: readonly Tensor[], whole: Buffer, joinable: Set<Buffer>): void {
  let at = 0;
  for (const { buffer } of parts) {
    if (!joinable.delete(buffer) || buffer.place !== 'ram' || whole.place !== 'ram') {
      throw new RuntimeError(
        'unknown-op',
        `Node "${node.name}" (concat) joins "${node.inputs.join('" and "')}"; the C runtime joins linear layers, each of them once, and no logits: use one linear layer, or run the model with the TypeScript reference.`,
      );
    }
    buffer.within = { buffer: whole, at };
    at += buffer.bytes;
  }
  joinable.add(whole);
}
