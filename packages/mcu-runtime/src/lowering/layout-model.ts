// QuantizedModel → image for bnm_run.
import type { QuantizedModel, QuantizedNode, Shape } from '@bitnetmcu/models';
import { elementCount, type TensorType } from '@bitnetmcu/models/internal';
import { getLayout, type LayoutName } from '../layout/layouts.js';
import { planBuffers, planEveryBuffer } from './buffer-plan.js';
import { GUARD_ALIGNMENT, GUARD_BYTES, type Guard, writeImage } from './image.js';
import { lowerModel } from './lower-model.js';
import type { Buffer } from './step.js';

/** Every buffer starts on such a boundary. */
const BUFFER_ALIGNMENT = 4;

/** Where a node's output lies after a run. */
export interface TensorLocation {
  readonly node: string;
  readonly op: QuantizedNode['op'];
  /** `ram`: `offset` bytes into ram; `input` and `logits`: the caller's buffers. */
  readonly place: Buffer['place'];
  readonly offset: number;
  readonly element: TensorType;
  readonly shape: Shape;
}

/** A model laid out for `bnm_run`. */
export interface ModelImage {
  /** Position-independent; 4-byte aligned in flash. */
  readonly image: Uint8Array;
  /** Static buffers besides the caller's input and logits. */
  readonly ramBytes: number;
  /** int8 elements of one sample. */
  readonly inputs: number;
  /** int32 logits. */
  readonly outputs: number;
  readonly layout: LayoutName;
}

/**
 * Lays a model out for one family of kernels: packs the weights, fuses chains of convolutions channel by channel,
 * and plans the buffers so that RAM is small.
 * @throws RuntimeError `unknown-layout`, `invalid-model`, `model-too-large`
 *
 * @example
 * ```ts
 * import { layoutModel } from '@bitnetmcu/mcu-runtime';
 *
 * const { image, ramBytes } = layoutModel(model, 'plain'); // image: what bnm_run() of the C runtime reads
 * ```
 */
export function layoutModel(model: QuantizedModel, layout: LayoutName = 'plain'): ModelImage {
  const program = lowerModel(model, getLayout(layout), { everyTensor: false });
  const plan = planBuffers(program, BUFFER_ALIGNMENT);
  const inputs = elementCount(model.input.shape);
  const { outputs } = program;
  return { image: writeImage(program, plan, inputs), ramBytes: plan.ramBytes, inputs, outputs, layout };
}

/** A model laid out so that no two buffers and no two tables touch: what lies between them is nobody's. */
export interface GuardedImage extends ModelImage {
  readonly imageGuards: readonly Guard[];
  readonly ramGuards: readonly Guard[];
}

/**
 * Lays a model out as layoutModel does, but with guards behind every buffer and table, for harnesses that watch them.
 * @throws RuntimeError like layoutModel
 */
export function layoutGuardedModel(model: QuantizedModel, layout: LayoutName = 'plain'): GuardedImage {
  const program = lowerModel(model, getLayout(layout), { everyTensor: false });
  const plan = planEveryBuffer(program, GUARD_ALIGNMENT, GUARD_BYTES);
  const inputs = elementCount(model.input.shape);
  const { outputs } = program;
  const imageGuards: Guard[] = [];
  const image = writeImage(program, plan, inputs, imageGuards);
  const starts = [...plan.offsets.values(), plan.ramBytes].sort((a, b) => a - b);
  const ramGuards = [...plan.offsets]
    .map(([{ bytes }, offset]) => ({ start: offset + bytes, end: starts.find((start) => start >= offset + bytes)! }))
    // Parts of one buffer touch.
    .filter(({ start, end }) => start < end);
  return { image, ramBytes: plan.ramBytes, inputs, outputs, layout, imageGuards, ramGuards };
}

/**
 * Lays a model out so that every node's output is still there after the run: nothing is fused, nothing shares a place.
 * @throws RuntimeError like layoutModel
 */
export function layoutModelForTrace(
  model: QuantizedModel,
  layout: LayoutName = 'plain',
): ModelImage & { readonly tensors: readonly TensorLocation[] } {
  const program = lowerModel(model, getLayout(layout), { everyTensor: true });
  const plan = planEveryBuffer(program, BUFFER_ALIGNMENT);
  const inputs = elementCount(model.input.shape);
  const { outputs } = program;
  const tensors = model.nodes.map((node): TensorLocation => {
    const { buffer, element, shape } = program.tensors.get(node.name)!;
    return { node: node.name, op: node.op, place: buffer.place, offset: plan.offsets.get(buffer) ?? 0, element, shape };
  });
  return { image: writeImage(program, plan, inputs), ramBytes: plan.ramBytes, inputs, outputs, layout, tensors };
}
