// The program of a model: the steps that bnm_run will take, on buffers that have a size but no address yet.
import type { AddStep } from './add.js';
import type { ClearStep } from './clear.js';
import type { ConvChainStep } from './conv-chain.js';
import type { ConvNormStep } from './conv-norm.js';
import type { ConvPatchesStep } from './conv-patches.js';
import type { ConvRequantizeStep } from './conv-requantize.js';
import type { Conv2dStep } from './conv2d.js';
import type { CropStep } from './crop.js';
import type { KeepFeaturesStep, NormalizeFeaturesStep } from './kept-features.js';
import type { LinearStep } from './linear.js';
import type { LookupStep } from './lookup.js';
import type { MaxAbsNormStep } from './max-abs-norm.js';
import type { Tensor } from './node-lowering.js';
import type { Pool2dStep } from './pool2d.js';
import type { ReluShiftStep } from './relu-shift.js';
import type { RequantizeStep } from './requantize.js';
import type { RmsNormStep } from './rms-norm.js';
import type { ShiftNormStep } from './shift-norm.js';
import type { Buffer } from './step.js';
import type { ChooseGroupsStep, MaskChannelsStep } from './top-groups.js';
import type { TopReluStep } from './top-relu.js';
import type { WidenStep } from './widen.js';

export type {
  AddStep,
  Buffer,
  Conv2dStep,
  ConvChainStep,
  ConvNormStep,
  ConvPatchesStep,
  ConvRequantizeStep,
  CropStep,
  LinearStep,
  LookupStep,
  Pool2dStep,
  ReluShiftStep,
  RequantizeStep,
  Tensor,
};

export type KernelStep =
  | LinearStep
  | Conv2dStep
  | ShiftNormStep
  | MaxAbsNormStep
  | WidenStep
  | RmsNormStep
  | ReluShiftStep
  | TopReluStep
  | RequantizeStep
  | LookupStep
  | AddStep
  | Pool2dStep
  | CropStep
  | ConvChainStep
  | ConvNormStep
  | ConvPatchesStep
  | ConvRequantizeStep
  | KeepFeaturesStep
  | NormalizeFeaturesStep
  | ChooseGroupsStep
  | MaskChannelsStep
  | ClearStep;

/** Channels that run: a mark for each, and how many have one. */
export interface ChosenChannels {
  readonly marks: Buffer;
  readonly count: number;
}

/** The body once for every channel that runs; the last step's y moves on by a stride (bytes) a channel, the first one's x by its own after every `sharing`. */
export interface ChannelsStep {
  readonly op: 'channels';
  readonly channels: number;
  /** Absent: all of them run. What others would write is cleared before. */
  readonly chosen?: ChosenChannels | undefined;
  /** So many channels in turn read the same x: the outputs of one group of a convolution. */
  readonly sharing: number;
  readonly xStride: number;
  readonly yStride: number;
  readonly body: readonly KernelStep[];
}

export type Step = KernelStep | ChannelsStep;

export interface Program {
  readonly steps: readonly Step[];
  /** Pairs of buffers that may share their place: a step reads x for the last time while it writes y. */
  readonly inPlace: readonly (readonly [x: Buffer, y: Buffer])[];
  /** The tensors that are materialized, by node name, and `input`. Those inside a channel loop are not. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly outputs: number;
}
