// RAM at inference: which buffers are alive at the same time, over the graph, layer by layer or channel by channel.
import type { MemoryRole } from '../ops/op-definition.js';
import { elementCount, type Shape } from '../tensor-shape.js';

/** One step of inference and the buffer it fills. */
export interface MemoryStep extends MemoryRole {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly shape: Shape;
  readonly bytesPerElement: number;
}

/**
 * Bytes of activation buffers at the fullest moment, the int8 input and the int32 logits included: those belong to the caller
 * and live throughout.
 *
 * Layer by layer any other buffer lives from its step to its last reader. A chain that starts with a convolution and stays within its
 * channel needs one channel's largest map and the gathered outputs instead, in 8 bits where a ShiftNorm ends it. Scratch of
 * single kernels, stack and alignment are not included: the exact figure for a target is that of the memory plan of
 * @bitnetmcu/mcu-runtime.
 */
export function peakMemory(inputShape: Shape, steps: readonly MemoryStep[]): number {
  const lastReader = new Map<string, number>();
  steps.forEach((step, i) => {
    for (const input of step.inputs) lastReader.set(input, i);
  });
  const callers = elementCount(inputShape) + 4 * elementCount(steps.at(-1)!.shape);
  const live = new Map<string, number>();
  let peak = callers;
  for (let i = 0; i < steps.length; i++) {
    const end = chainEnd(steps, i, lastReader);
    const step = steps[end]!;
    const last = end === steps.length - 1;
    const bytes = last ? 0 : elementCount(step.shape) * step.bytesPerElement;
    const before = callers + sum(live.values());
    const replaced =
      step.inPlace && end === i && lastReader.get(step.inputs[0]!) === i ? (live.get(step.inputs[0]!) ?? 0) : 0;
    const map = end > i ? largestMap(steps.slice(i, end + 1)) : 0;
    peak = Math.max(peak, before + map + Math.max(0, bytes - replaced));
    live.set(step.name, bytes);
    for (const name of [...live.keys()]) if ((lastReader.get(name) ?? -1) <= end) live.delete(name);
    i = end;
  }
  return peak;
}

/** Index of the last step of the channel-by-channel chain that begins at `start`, or `start` where there is none. */
function chainEnd(steps: readonly MemoryStep[], start: number, lastReader: ReadonlyMap<string, number>): number {
  const first = steps[start]!;
  // A depthwise convolution may begin one as well as go on.
  if (first.channelwise !== 'start' && (first.channelwise !== 'continue' || first.inPlace)) return start;
  let end = start;
  for (let i = start + 1; i < steps.length; i++) {
    const step = steps[i]!;
    const previous = steps[i - 1]!.name;
    const [read, ...others] = step.inputs;
    const onlyReader = lastReader.get(previous) === i && read === previous && !others.includes(previous);
    const joins = step.channelwise === 'continue' || step.channelwise === 'end';
    if (!joins || !onlyReader) break;
    end = i;
    if (step.channelwise === 'end') break;
  }
  return end;
}

/** Bytes of the scratch that one channel of a chain needs; its last step writes to the gathered output. */
function largestMap(chain: readonly MemoryStep[]): number {
  return Math.max(
    ...chain.slice(0, -1).map((step) => (elementCount(step.shape) / step.shape[0]) * step.bytesPerElement),
  );
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
