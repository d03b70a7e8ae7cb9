// The program of a model: the steps that bnm_run will take, on buffers that have a size but no address yet.
import type { Pair, Shape, TensorType } from '@bitnetmcu/models';

export const ELEMENT_BYTES: Readonly<Record<TensorType, number>> = { int8: 1, int32: 4 };

/** A piece of memory that steps read and write. `input` and `logits` belong to the caller, all others get a place in ram. */
export interface Buffer {
  readonly place: 'ram' | 'input' | 'logits';
  bytes: number;
}

/** Constant tables of a layer as they will stand in the image. */
export interface LayerTables {
  /** Which kernel reads the weights: BNM_KERNEL_* of c/include/bnm_image.h. */
  readonly kernel: number;
  readonly weights: Uint8Array;
  readonly outputShifts: Uint8Array | undefined;
  readonly bias: Int32Array | undefined;
}

interface OnBuffers {
  /** The model's node that the step computes; of a step that computes several nodes, the last of them. */
  readonly node: string;
  readonly x: Buffer;
  readonly y: Buffer;
}

export interface LinearStep extends OnBuffers {
  readonly op: 'linear';
  readonly inputs: number;
  readonly outputs: number;
  readonly tables: LayerTables;
}

export interface Conv2dStep extends OnBuffers {
  readonly op: 'conv2d';
  readonly element: TensorType;
  readonly groups: number;
  readonly groupInputs: number;
  readonly groupOutputs: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly rowBytes: number;
  readonly taps: Buffer;
  readonly tables: LayerTables;
}

export interface ElementwiseStep extends OnBuffers {
  readonly op: 'shiftNormRelu' | 'maxAbsNormRelu' | 'widen';
  readonly count: number;
}

export interface ReluShiftStep extends OnBuffers {
  readonly op: 'reluShift';
  readonly count: number;
  readonly shift: number;
}

export interface RequantizeStep extends OnBuffers {
  readonly op: 'requantize';
  /** Of the result. */
  readonly element: TensorType;
  readonly count: number;
  readonly shift: number;
  readonly min: number;
  readonly max: number;
}

export interface LookupStep extends OnBuffers {
  readonly op: 'lookup';
  readonly count: number;
  /** 256 int8, for x = −128 … 127. */
  readonly table: Int8Array;
}

export interface AddStep extends OnBuffers {
  readonly op: 'add';
  readonly b: Buffer;
  readonly count: number;
  readonly leftShift: readonly [number, number];
}

/** One plane. */
export interface Pool2dStep extends OnBuffers {
  readonly op: 'maxPool2d' | 'avgPool2d';
  readonly element: TensorType;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly size: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  /** Of a mean: whether it is over the whole window, padding included. */
  readonly countPadding: boolean;
}

/** One plane. */
export interface CropStep extends OnBuffers {
  readonly op: 'crop';
  readonly element: TensorType;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly top: number;
  readonly left: number;
}

/** A chain of convolutions from the sample to the activations behind the ShiftNorm. */
export interface ConvChainStep extends OnBuffers {
  readonly op: 'convChain';
  /** The names of its two or three convolutions. */
  readonly layers: readonly string[];
  readonly channels: number;
  readonly shifts: readonly [number, number, number];
  /** Multiply-accumulates of them, where nothing is skipped. */
  readonly macs: number;
  readonly scratch: Buffer;
  readonly tables: Pick<LayerTables, 'kernel' | 'weights'>;
}

/** A convolution over int8 with its ReLU, pooling and ShiftNorm. */
export interface ConvNormStep extends Omit<Conv2dStep, 'op' | 'taps'> {
  readonly op: 'convNorm';
  /** The name of its convolution. */
  readonly layers: readonly [string];
  /** After ReLU. */
  readonly shift: number;
  /** Whether there is 2×2 max pooling. */
  readonly pools: boolean;
  /** Of the scratch, for weights as integers; 0 where the kernel lists packed codes. */
  readonly weightBytes: number;
  readonly macs: number;
  readonly scratch: Buffer;
}

/** Features of one channel as 8 bits, until the shift that all channels share is known. Stands at the end of a channel loop. */
export interface KeepFeaturesStep extends OnBuffers {
  readonly op: 'keepFeatures';
  readonly count: number;
  /** A byte a channel. */
  readonly shifts: Buffer;
}

/** The ShiftNorm of kept features, in place. */
export interface NormalizeFeaturesStep extends OnBuffers {
  readonly op: 'normalizeFeatures';
  readonly channels: number;
  /** Of each channel. */
  readonly count: number;
  readonly shifts: Buffer;
}

export type KernelStep =
  | LinearStep
  | Conv2dStep
  | ElementwiseStep
  | ReluShiftStep
  | RequantizeStep
  | LookupStep
  | AddStep
  | Pool2dStep
  | CropStep
  | ConvChainStep
  | ConvNormStep
  | KeepFeaturesStep
  | NormalizeFeaturesStep;

/** The body once for every channel; the first step's x and the last one's y move on by a stride (bytes) a channel. */
export interface ChannelsStep {
  readonly op: 'channels';
  readonly channels: number;
  readonly xStride: number;
  readonly yStride: number;
  readonly body: readonly KernelStep[];
}

export type Step = KernelStep | ChannelsStep;

/** Where a node's output lies while the program runs. */
export interface Tensor {
  readonly buffer: Buffer;
  readonly element: TensorType;
  readonly shape: Shape;
}

export interface Program {
  readonly steps: readonly Step[];
  /** Pairs of buffers that may share their place: a step reads x for the last time while it writes y. */
  readonly inPlace: readonly (readonly [x: Buffer, y: Buffer])[];
  /** The tensors that are materialized, by node name, and `input`. Those inside a channel loop are not. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly outputs: number;
}

/** Every buffer that a step reads or writes. */
export function buffersOf(step: Step): readonly Buffer[] {
  switch (step.op) {
    case 'channels':
      return step.body.flatMap(buffersOf);
    case 'conv2d':
      return [step.x, step.y, step.taps];
    case 'add':
      return [step.x, step.y, step.b];
    case 'convChain':
    case 'convNorm':
      return [step.x, step.y, step.scratch];
    case 'keepFeatures':
    case 'normalizeFeatures':
      return [step.x, step.y, step.shifts];
    default:
      return [step.x, step.y];
  }
}
