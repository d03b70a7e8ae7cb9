// The interface behind which every training engine stands (native, WebAssembly, TensorFlow.js). No engine is known here.
import type { NetworkSpec } from '@bitnetmcu/models';
import type { CompileOptions } from './compile-options.js';

/** Resident samples: uint8 values in the network's input shape, flattened, one sample after another. */
export interface Samples {
  readonly count: number;
  /** count·features bytes. May be backed by a SharedArrayBuffer. */
  readonly bytes: Uint8Array;
  /** count class numbers; of regressions and multi-label samples 0. */
  readonly labels: Uint16Array;
  /** count numbers of recordings, persons, …: what of one is held out is held out whole. Absent: every sample stands for itself. */
  readonly groups?: Uint32Array | undefined;
  /**
   * count·outputs: in a data set the values of a regression in their units, or 1 and 0 for each label that holds or does not. Engines take them as
   * what the logits shall be, and copy them with the samples.
   */
  readonly targets?: Float32Array | undefined;
}

export type EngineKind = 'native' | 'wasm' | 'tfjs';

export interface EngineInfo {
  readonly kind: EngineKind;
  /** For example `avx512`, `avx2`, `baseline` (SSE2 or NEON), `simd128`. */
  readonly simd: string;
  readonly threads: number;
  /**
   * How a multiplication with an addition is rounded: once (`fused`), or after each (`separate`). Engines of one arithmetic give the same bits,
   * whatever kind, instruction set and threads. Absent: TensorFlow.js, which promises none.
   */
  readonly arithmetic?: 'fused' | 'separate' | undefined;
}

export interface StepTotals {
  /** Sum of the loss over the samples: nats of (binary) cross-entropy, squared units of the targets of other losses. */
  loss: number;
  /**
   * Samples of the right class; of multi-label losses those with every label right; of losses against numbers Σ (1 − mean squared error),
   * which over targets of variance 1 is samples·R².
   */
  correct: number;
  samples: number;
}

export interface LayerStatistics {
  readonly layer: string;
  /** Share of outputs > 0 after the activation that follows the layer, over the samples evaluated since the last evaluation from sample 0 on. */
  readonly positiveShare: number;
  /** Clipping scalar s, mean over outputs. */
  readonly clip: number;
  /** Entropy of the layer's weight codes in bits. */
  readonly codeEntropy: number;
  /** Mean whole bits of the outputs, where bits are learned. */
  readonly bits?: number | undefined;
  /** Outputs of 0 bits, which have no weights, where bits are learned. */
  readonly emptyOutputs?: number | undefined;
}

/** A stretch of training: which samples in which order, at which learning rates. */
export interface TrainingSteps {
  /** Sample numbers, one batch after another; the last batch may be short. */
  readonly order: Uint32Array;
  /** That of the k-th step of this call; one for each of the ⌈(to − from)/batchSize⌉ steps. */
  readonly learningRates: Float32Array;
  /** The positions of the order that are trained, [from, to). Default: all. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /**
   * ≥ 0, default 0: each step moves every quantized layer's weights by damping·learning rate (at most 1) of the way to the values that
   * they are quantized to, so that they settle on one code instead of swinging between two (after Nagel et al. 2022, arXiv:2203.11086,
   * there as a term of the loss).
   */
  readonly damping?: number | undefined;
}

/** A NetworkSpec compiled to a static plan over one arena. Not thread-safe; one seed gives the same bits wherever `EngineInfo.arithmetic` is the same. */
export interface TrainableNetwork {
  readonly spec: NetworkSpec;
  readonly batchSize: number;
  /** Live views keyed as in TrainedNetwork.parameters; writing them changes the network. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
  /** Everything else that a bit-exact resume needs (optimizer moments, running statistics, step counters): live views. */
  readonly state: Readonly<Record<string, Float32Array>>;
  /** Makes samples resident under a name, replacing what was there. */
  load(name: string, samples: Samples): void;
  /** Teacher logits for distillation terms, count·outputs, or features for a term on a layer, count·width, for samples loaded under the same name. */
  loadTargets(name: string, logits: Float32Array): void;
  /**
   * Runs the optimizer steps over samples loaded under `name`. Synchronous: callers keep calls short (about 25 ms) to leave the event loop
   * free; cutting an epoch into calls at batch boundaries does not change the result.
   * @throws TrainerError `invalid-argument`, also for other than one learning rate a step or one that is no finite number ≥ 0
   */
  train(name: string, steps: TrainingSteps): StepTotals;
  /**
   * Inference with fake quantization over samples [from, to); logits are written when given. The loss is the plain form of
   * the first term (cross-entropy without smoothing and class weights, mean squared error, …), so that it compares between recipes.
   */
  evaluate(name: string, from: number, to: number, logits?: Float32Array): StepTotals;
  /**
   * Applies the clipping policies for this epoch (0-based) from the current weights; call before its first step.
   * @throws TrainerError `invalid-argument` unless the epoch is a whole number ≥ 0
   */
  updateClipping(epoch: number): void;
  /** Whether weights and activations are fake-quantized as the spec says (default) or float: for gradient checks and pre-training. */
  setFakeQuantization(enabled: boolean): void;
  statistics(): LayerStatistics[];
  dispose(): void;
}

export interface Engine {
  readonly info: EngineInfo;
  /** @throws TrainerError `unsupported-layer` naming the layer and what the engine has instead, `invalid-argument` for options. */
  compile(spec: NetworkSpec, options?: CompileOptions): TrainableNetwork;
}
