// What lowering does with a node: how an operation of the model becomes steps. Each operation is one definition.
import type { ResolvedNode, Shape } from '@bitnetmcu/models';
import type { Pair, TensorType } from '@bitnetmcu/models/internal';
import type { WeightLayout } from '../layout/weight-layout.js';
import type { KernelStep } from './program.js';
import { type Buffer, ELEMENT_BYTES } from './step.js';

/** One channel's values. */
export interface Plane {
  readonly element: TensorType;
  readonly height: number;
  readonly width: number;
}

/** What one kernel does to a plane, before its buffers are known. */
export interface PlaneStep {
  readonly result: Plane;
  /** Whether y may be x. */
  readonly inPlace: boolean;
  build(x: Buffer, y: Buffer): KernelStep;
}

/** A node on the planes of one channel. */
export interface PlaneSite<N> {
  readonly node: N;
  readonly layout: WeightLayout;
  readonly plane: Plane;
  readonly result: Plane;
  /** Values of `plane`. */
  readonly count: number;
  /** Grows to hold one kernel of a convolution; all of a chain share it. */
  readonly taps: Buffer;
}

/** Where a node's output lies while the program runs. */
export interface Tensor {
  readonly buffer: Buffer;
  readonly element: TensorType;
  readonly shape: Shape;
}

/** What a node that runs whole can do with the program. */
export interface WholeSite<N> {
  readonly node: N;
  readonly resolved: ResolvedNode;
  readonly layout: WeightLayout;
  input(index?: number): Tensor;
  /** The input as int32, through a step that widens it where it is int8. */
  wideInput(index?: number): Tensor;
  /** Whether the input is the sample, or what only moves or pools it. */
  readonly ofSample: boolean;
  /** Gives the output a buffer. */
  output(element: TensorType, shape: Shape): Buffer;
  /** Says that the output is another tensor under another shape. */
  rename(tensor: Tensor): void;
  /** Elements of a tensor, as far as the C runtime counts. */
  count(shape: Shape): number;
  push(step: KernelStep): void;
  /** Lets the layers that made the parts write them one behind another into `whole`. */
  join(parts: readonly Tensor[], whole: Buffer): void;
  /** Says that y may take x's place. */
  mayShare(x: Buffer, y: Buffer): void;
}

/** How an operation is lowered. */
export interface NodeLowering<N> {
  /** Whether output channel c depends on input channel c alone: such nodes run in chains, channel by channel. */
  perChannel(node: N): boolean;
  /** The kernels on one channel's planes. Absent: the node never runs channel by channel. */
  readonly planes?: (site: PlaneSite<N>) => readonly PlaneStep[];
  /** The node on its own, over whole tensors. Absent: it runs as a chain of one. */
  readonly whole?: (site: WholeSite<N>) => void;
  /** Set where the output of the sample has the sample's mode value still. */
  readonly keepsMode?: true;
}

/** Features [n] are one plane of n values: only elementwise nodes work on them. */
export function planeOf(shape: Shape, element: TensorType): Plane {
  return shape.length === 1 ? { element, height: 1, width: shape[0] } : { element, height: shape[1], width: shape[2] };
}

export function planeBytes({ element, height, width }: Plane): number {
  return height * width * ELEMENT_BYTES[element];
}

/** A padded window reads values that an earlier output would have overwritten. */
export function isPadded([vertical, horizontal]: Pair): boolean {
  return vertical + horizontal > 0;
}
