// A network on the compiled engine: the plan's programs over one arena, resident samples, clipping once an epoch.
import type { NetworkSpec } from '@bitnetmcu/models';
import { clippingPolicy, inverseScalesFromClips, quantizeWeights, updateClips } from '@bitnetmcu/quant';
import { codeEntropy, learnsClip, symmetricBits } from '@bitnetmcu/quant/internal';
import { TrainerError } from '../errors.js';
import { outOfMemory } from '../memory.js';
import { type CompileOptions, type ResolvedOptions, resolveOptions } from './compile-options.js';
import {
  type ComputeBackend,
  type ComputeMemory,
  describeNeeds,
  type MemoryNeeds,
  type Program,
  type RunTotals,
} from './compute-backend.js';
import type { LayerStatistics, Samples, StepTotals, TrainableNetwork, TrainingSteps } from './engine.js';
import { liveWeights } from './live-weights.js';
import { featuresTerm } from './losses/schemas.js';
import type { Region } from './plan/arena.js';
import type { PlanBuilder, QuantizedLayer } from './plan/plan-builder.js';
import { planNetwork } from './plan/plan-network.js';
import { encodeProgram } from './plan/program.js';
import {
  type Resident,
  ResidentSamples,
  requireEpoch,
  requireOrder,
  requireRange,
  requireRoom,
  requireTargets,
  resolveSteps,
} from './resident-samples.js';
import { stepExponents } from './step-exponents.js';
import { learnedBitsStatistics } from './weight-statistics.js';

const MAX_FLOATS = 2 ** 31 - 1;

interface Programs {
  readonly train: Program;
  readonly evaluate: Program;
  readonly gradients: Program;
  /** Fake quantization of the weights only. */
  readonly prepare: Program;
}

export class CompiledNetwork implements TrainableNetwork {
  readonly parameters: Readonly<Record<string, Float32Array>>;
  readonly state: Readonly<Record<string, Float32Array>>;
  /** dL/d(parameter) of the last batch, rows·columns in rows of their own stride: for tests and tools. */
  readonly gradients: Readonly<Record<string, () => Float32Array>>;
  readonly batchSize: number;
  /** Number of logits. */
  readonly outputs: number;
  readonly #options: ResolvedOptions;
  readonly #plan: PlanBuilder;
  readonly #memory: ComputeMemory;
  readonly #samples: ResidentSamples;
  readonly #quantized: Programs;
  readonly #float: Programs;
  readonly #features: number;
  /** Numbers of a sample that the loss compares with. */
  readonly #targetWidth: number;
  readonly #step: Float32Array;
  #fakeQuantization = true;
  #disposed = false;

  constructor(
    backend: ComputeBackend,
    readonly spec: NetworkSpec,
    given: CompileOptions = {},
  ) {
    const options = resolveOptions(given);
    this.#options = options;
    this.batchSize = options.batchSize;
    const { builder, logits } = planNetwork(spec, options, backend.info.threads);
    this.#plan = builder;
    const step = { offset: builder.arena.allocate(1), length: 1 };
    builder.state.set('optimizer.step', step);
    this.#features = spec.input.shape.reduce((a, b) => a * b, 1);
    this.outputs = logits.features;
    this.#targetWidth = featuresTerm(options.loss)?.width ?? this.outputs;
    this.#samples = new ResidentSamples(this.#features, this.outputs, this.#targetWidth);
    const needs = { floats: builder.arena.length, batchSize: options.batchSize, features: this.#features };
    const widths = { classes: this.outputs, targetWidth: this.#targetWidth };
    requireAddressable({ ...needs, programBytes: 0, ...widths });
    this.#quantized = encodePrograms(builder, true);
    this.#float = encodePrograms(builder, false);
    const programs = [this.#quantized, this.#float].flatMap((of): Program[] => Object.values(of));
    const programBytes = Math.max(...programs.map(({ words }) => words.byteLength));
    this.#memory = backend.createMemory({ ...needs, programBytes, ...widths });
    builder.arena.initialize(this.#memory.arena);
    this.#step = this.#view(step);
    const named = builder.parameters.map((p) => [p.name, p] as const);
    this.parameters = this.#views([...named.filter(([, { auxiliary }]) => !auxiliary), ...builder.buffers]);
    this.state = this.#views([...builder.state, ...named.filter(([, { auxiliary }]) => auxiliary)]);
    this.gradients = Object.fromEntries(builder.parameters.map((p) => [p.name, () => this.#gradient(p)]));
  }

  load(name: string, samples: Samples): void {
    this.#requireOpen();
    this.#samples.load(name, samples);
  }

  loadTargets(name: string, logits: Float32Array): void {
    this.#requireOpen();
    this.#samples.loadTargets(name, logits);
  }

  train(name: string, training: TrainingSteps): StepTotals {
    const { order, from, to, learningRates, damping, count } = resolveSteps(training, this.batchSize);
    const { beta1, beta2 } = this.#options.optimizer.kind === 'sgd' ? { beta1: 0, beta2: 0 } : this.#options.optimizer;
    const steps = new Float32Array(count * 4);
    for (let k = 0; k < count; k++) {
      const t = this.#step[0]! + k + 1;
      steps.set([learningRates[k]!, 1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t), t], k * 4);
    }
    this.#view(this.#plan.damping)[0] = damping;
    const totals = this.#run('train', name, { order, from, to, steps });
    this.#step[0]! += count;
    // Scales that are mean|w| by definition then belong to the weights as they are now.
    if (this.#plan.quantizedLayers.some(({ format }) => format?.meanScaled)) {
      this.#run('prepare', name, { from: 0, to: 0 });
    }
    return totals;
  }

  /** The gradients of one batch, order[from…to), without an update; read them from `gradients`. */
  computeGradients(name: string, order: Uint32Array, from: number, to: number): StepTotals {
    requireRange(from, Math.min(to, from + this.batchSize), order.length);
    return this.#run('gradients', name, { order, from, to, steps: Float32Array.of(0, 1, 1, this.#step[0]! + 1) });
  }

  evaluate(name: string, from: number, to: number, logits?: Float32Array): StepTotals {
    requireRange(from, to, this.#resident(name).count);
    requireRoom(logits, (to - from) * this.outputs);
    // An evaluation comes in chunks that are cut by time: what it counts is of all of them.
    if (from === 0) {
      for (const { positives } of this.#plan.quantizedLayers) this.#view({ offset: positives, length: 2 }).fill(0);
    }
    return this.#run('evaluate', name, { from, to, logits });
  }

  updateClipping(epoch: number): void {
    this.#requireOpen();
    requireEpoch(epoch);
    for (const planned of this.#plan.quantizedLayers) {
      const { format, outputs, weight, clip, mask, clipGate, learnedBits, quantizer } = planned;
      if (format !== null && learnedBits !== null && quantizer.learnedBits?.step.by === 'clipping') {
        const [bits, current] = [this.#view(learnedBits.bits), this.#view(learnedBits.exponent)];
        const request = { clipping: quantizer.clipping, bits, current, epoch, most: symmetricBits(format.name)! };
        current.set(stepExponents(this.#view(weight), request));
      }
      if (format === null || clip === null) continue;
      const clips = this.#view(clip);
      const policy = clippingPolicy(quantizer.clipping);
      const live = liveWeights(this.#view(weight), mask && this.#view(mask), outputs);
      const perOutput = quantizer.scaling === 'PerOutput';
      if (live.rows.length > 0) {
        const updated = updateClips(format, live.weights, policy, {
          outputs: live.rows.length,
          scaling: quantizer.scaling,
          epoch,
          current: perOutput ? Array.from(live.rows, (row) => clips[row]!) : clips,
          learned: clipGate !== null,
        });
        // An output without weights must not decide the unit of accumulators, which is the least.
        if (perOutput) clips.fill(updated.reduce((a, b) => Math.max(a, b)));
        for (const [i, value] of updated.entries()) clips[perOutput ? live.rows[i]! : i] = value;
      }
      if (clipGate) this.#view(clipGate)[0] = Number(learnsClip(quantizer.clipping, epoch));
    }
  }

  setFakeQuantization(enabled: boolean): void {
    this.#fakeQuantization = enabled;
  }

  statistics(): LayerStatistics[] {
    this.#requireOpen();
    return this.#plan.quantizedLayers.map((layer) => this.#layerStatistics(layer));
  }

  dispose(): void {
    this.#disposed = true;
    this.#samples.clear();
    this.#memory.dispose();
  }

  #run(
    kind: keyof Programs,
    name: string,
    request: { order?: Uint32Array; from: number; to: number; steps?: Float32Array; logits?: Float32Array | undefined },
  ): StepTotals {
    const resident = this.#resident(name);
    const { bytes, labels, targets } = resident;
    const { order, from, to } = request;
    if (order) requireOrder(order, from, to, resident.count);
    requireTargets(name, resident, this.#options.loss, kind === 'evaluate');
    const program = (this.#fakeQuantization ? this.#quantized : this.#float)[kind];
    const totals: RunTotals = this.#memory.run({
      program,
      samples: bytes,
      labels,
      targets,
      batchSize: this.batchSize,
      features: this.#features,
      classes: this.outputs,
      targetWidth: this.#targetWidth,
      ...request,
    });
    return { ...totals, samples: to - from };
  }

  #layerStatistics({
    layer,
    format,
    outputs,
    weight,
    clip,
    mask,
    learnedBits,
    positives,
  }: QuantizedLayer): LayerStatistics {
    const [positive, total] = this.#view({ offset: positives, length: 2 }) as unknown as [number, number];
    const positiveShare = total > 0 ? positive / total : 0;
    if (format !== null && learnedBits !== null) {
      const views = { bits: this.#view(learnedBits.bits), exponents: this.#view(learnedBits.exponent) };
      return { layer, positiveShare, ...learnedBitsStatistics(format, this.#view(weight), outputs, views) };
    }
    if (format === null || clip === null) return { layer, positiveShare, clip: 0, codeEntropy: 0 };
    const live = liveWeights(this.#view(weight), mask && this.#view(mask), outputs);
    if (live.rows.length === 0) return { layer, positiveShare, clip: 0, codeEntropy: 0 };
    const clips = clip.length === 1 ? this.#view(clip) : Float32Array.from(live.rows, (row) => this.#view(clip)[row]!);
    const { codes } = quantizeWeights(format, live.weights, {
      outputs: live.rows.length,
      inverseScales: inverseScalesFromClips(format, clips),
    });
    return {
      layer,
      positiveShare,
      clip: clips.reduce((a, b) => a + b, 0) / clips.length,
      codeEntropy: codeEntropy(format, codes),
    };
  }

  #view({ offset, length }: Region): Float32Array {
    return this.#memory.arena.subarray(offset, offset + length);
  }

  #views(regions: Iterable<readonly [string, Region]>): Record<string, Float32Array> {
    return Object.fromEntries([...regions].map(([name, region]) => [name, this.#view(region)]));
  }

  #gradient({ rows, columns, gradient, gradientStride }: PlanBuilder['parameters'][number]): Float32Array {
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      values.set(this.#view({ offset: gradient + row * gradientStride, length: columns }), row * columns);
    }
    return values;
  }

  #resident(name: string): Resident {
    this.#requireOpen();
    return this.#samples.get(name);
  }

  #requireOpen(): void {
    if (this.#disposed) throw new TrainerError('invalid-argument', 'The network was disposed: compile it again.');
  }
}

/** Operations hold offsets in the arena as int32: beyond them they would wrap. @throws TrainerError `out-of-memory` */
function requireAddressable(needs: MemoryNeeds): void {
  if (needs.floats <= MAX_FLOATS) return;
  const { what, remedy } = describeNeeds(needs);
  throw outOfMemory(what, needs.floats * 4, 'and the engine addresses 8 GiB', remedy);
}

function encodePrograms(builder: PlanBuilder, quantized: boolean): Programs {
  const weights = builder.program(['weights'], 'evaluate', quantized);
  const program = (ops: ReturnType<typeof builder.program>, prepareCount: number): Program => ({
    words: encodeProgram(ops),
    prepareCount,
    count: ops.length - prepareCount,
  });
  const forward = builder.program(['forward'], 'evaluate', quantized);
  return {
    train: program(builder.program(['weights', 'forward', 'backward', 'update'], 'train', quantized), 0),
    gradients: program(builder.program(['weights', 'forward', 'backward'], 'train', quantized), 0),
    evaluate: program([...weights, ...forward], weights.length),
    prepare: program(weights, weights.length),
  };
}
