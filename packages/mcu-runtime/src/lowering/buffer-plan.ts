// Gives every buffer an offset in ram so that buffers that live at the same time do not overlap, and ram stays small.
import type { Program } from './program.js';
import type { Buffer } from './step.js';
import { buffersOf } from './steps.js';

export interface BufferPlan {
  readonly ramBytes: number;
  readonly offsets: ReadonlyMap<Buffer, number>;
}

/** Buffers that share one place, from the first step that uses any of them to the last. */
interface Block {
  buffers: Buffer[];
  bytes: number;
  first: number;
  last: number;
}

type Pair = Program['inPlace'][number];

/**
 * Static plan by liveness. Sharing a place between a step's input and output saves RAM in some models and costs it in others
 * (a small result pins the large place of its source), so sharings are switched one by one as long as the plan gets smaller,
 * once from all of them and once from none.
 * @param alignment of every buffer, in bytes
 */
export function planBuffers({ steps, inPlace }: Program, alignment: number): BufferPlan {
  const lifetimes = lifetimesOf(steps);
  const blocksWith = (pairs: ReadonlySet<Pair>) =>
    blocksOf(
      lifetimes,
      inPlace.filter((pair) => pairs.has(pair)),
      alignment,
    );
  const improve = (pairs: Set<Pair>): BufferPlan => {
    let best = place(blocksWith(pairs));
    for (const pair of inPlace) {
      const flip = () => {
        if (!pairs.delete(pair)) pairs.add(pair);
      };
      flip();
      const blocks = blocksWith(pairs);
      // Placing is the slow part, and no placing needs less than what lives at once.
      const plan = liveBytes(blocks, steps.length) < best.ramBytes ? place(blocks) : undefined;
      if (plan !== undefined && plan.ramBytes < best.ramBytes) best = plan;
      else flip();
    }
    return best;
  };
  const fromAll = improve(new Set(inPlace));
  const fromNone = improve(new Set());
  return withParts(fromNone.ramBytes < fromAll.ramBytes ? fromNone : fromAll, steps);
}

/** The buffer that has a place of its own. */
function wholeOf(buffer: Buffer): { readonly buffer: Buffer; readonly at: number } {
  if (buffer.within === undefined) return { buffer, at: 0 };
  const whole = wholeOf(buffer.within.buffer);
  return { buffer: whole.buffer, at: whole.at + buffer.within.at };
}

/** The plan with the places of buffers that are parts of others. */
function withParts({ ramBytes, offsets }: BufferPlan, steps: Program['steps']): BufferPlan {
  const all = new Map(offsets);
  for (const buffer of steps.flatMap(buffersOf)) {
    for (let part = buffer; part.within !== undefined; part = part.within.buffer) {
      const whole = wholeOf(part);
      all.set(part, offsets.get(whole.buffer)! + whole.at);
    }
  }
  return { ramBytes, offsets: all };
}

/**
 * A place of its own for every buffer, so that all of them can be read after the run.
 * @param gap bytes, at least, that belong to nobody behind each
 */
export function planEveryBuffer({ steps }: Program, alignment: number, gap = 0): BufferPlan {
  const offsets = new Map<Buffer, number>();
  let ramBytes = 0;
  for (const buffer of lifetimesOf(steps).keys()) {
    offsets.set(buffer, ramBytes);
    ramBytes += align(buffer.bytes + gap, alignment);
  }
  return withParts({ ramBytes, offsets }, steps);
}

/** First and last step of every buffer in ram. */
function lifetimesOf(steps: Program['steps']): Map<Buffer, { first: number; last: number }> {
  const lifetimes = new Map<Buffer, { first: number; last: number }>();
  steps.forEach((step, time) => {
    for (const used of buffersOf(step)) {
      const { buffer } = wholeOf(used);
      if (buffer.place !== 'ram') continue;
      const lifetime = lifetimes.get(buffer);
      if (lifetime) lifetime.last = time;
      else lifetimes.set(buffer, { first: time, last: time });
    }
  });
  return lifetimes;
}

function blocksOf(
  lifetimes: ReadonlyMap<Buffer, { first: number; last: number }>,
  pairs: readonly Pair[],
  alignment: number,
): Block[] {
  const blocks = new Map<Buffer, Block>();
  for (const [buffer, { first, last }] of lifetimes) {
    blocks.set(buffer, { buffers: [buffer], bytes: align(buffer.bytes, alignment), first, last });
  }
  for (const [x, y] of pairs) {
    const source = blocks.get(x);
    const result = blocks.get(y);
    // y takes x's place only in the step that reads x last: any later reader would find y there.
    if (!source || !result || source === result || source.last !== result.first) continue;
    source.buffers.push(...result.buffers);
    source.bytes = Math.max(source.bytes, result.bytes);
    source.last = result.last;
    for (const buffer of result.buffers) blocks.set(buffer, source);
  }
  return [...new Set(blocks.values())];
}

/** Bytes of the blocks that live at the fullest step. */
function liveBytes(blocks: readonly Block[], steps: number): number {
  const changes = new Float64Array(steps + 1);
  for (const { bytes, first, last } of blocks) {
    changes[first]! += bytes;
    changes[last + 1]! -= bytes;
  }
  let live = 0;
  let most = 0;
  for (const change of changes) {
    live += change;
    most = Math.max(most, live);
  }
  return most;
}

type Order = (a: Block, b: Block) => number;

/** From the largest block down; in order of time; from the longest life down, so that scratch of single steps fills what is left. */
const ORDERS: readonly Order[] = [
  (a, b) => b.bytes - a.bytes || a.first - b.first,
  (a, b) => a.first - b.first || b.bytes - a.bytes,
  (a, b) => b.last - b.first - (a.last - a.first) || a.first - b.first || b.bytes - a.bytes,
];

/** First fit in each order; the smallest result. */
function place(blocks: readonly Block[]): BufferPlan {
  const plans = ORDERS.map((order) => firstFit([...blocks].sort(order)));
  return plans.reduce((best, plan) => (plan.ramBytes < best.ramBytes ? plan : best));
}

function firstFit(blocks: readonly Block[]): BufferPlan {
  const placed: { block: Block; offset: number }[] = [];
  const offsets = new Map<Buffer, number>();
  let ramBytes = 0;
  for (const block of blocks) {
    const neighbours = placed
      .filter((other) => other.block.first <= block.last && block.first <= other.block.last)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const { block: other, offset: start } of neighbours) {
      if (offset + block.bytes <= start) break;
      offset = Math.max(offset, start + other.bytes);
    }
    placed.push({ block, offset });
    for (const buffer of block.buffers) offsets.set(buffer, offset);
    ramBytes = Math.max(ramBytes, offset + block.bytes);
  }
  return { ramBytes, offsets };
}

function align(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
