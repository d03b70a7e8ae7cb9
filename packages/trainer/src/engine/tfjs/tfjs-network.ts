// A network on TensorFlow.js. Parameters, clipping scalars and optimizer state live in host memory between and during calls;
// a step uploads weights and samples, runs forward and backward on the backend and downloads the gradients.
import { inferShapes, type NetworkSpec } from '@bitnetmcu/models';
import { outputCount } from '@bitnetmcu/models/internal';
import { TrainerError } from '../../errors.js';
import { type CompileOptions, type ResolvedOptions, resolveOptions } from '../compile-options.js';
import type { LayerStatistics, Samples, StepTotals, TrainableNetwork, TrainingSteps } from '../engine.js';
import { evaluatedLoss } from '../losses/index.js';
import { isInnerTerm } from '../losses/schemas.js';
import {
  type Resident,
  ResidentSamples,
  requireEpoch,
  requireOrder,
  requireRange,
  requireRoom,
  requireTargets,
  resolveSteps,
} from '../resident-samples.js';
import { type Batch, gatherBatch } from './batch.js';
import { type BuiltNetwork, buildNetwork } from './build-network.js';
import type { ForwardPass } from './forward-pass.js';
import type { CustomLayers } from './layers/custom.js';
import { computeLoss, lossOnHost } from './loss.js';
import { Optimizer } from './optimizer.js';
import type { QuantizedWeights } from './quantized-weights.js';
import type { TfjsRuntime } from './runtime.js';
import type { Tensor } from './tensors.js';

export class TfjsNetwork implements TrainableNetwork {
  readonly parameters: Readonly<Record<string, Float32Array>>;
  readonly state: Readonly<Record<string, Float32Array>>;
  /** dL/d(parameter) of the last batch: for tests and tools. */
  readonly gradients: Readonly<Record<string, () => Float32Array>>;
  readonly batchSize: number;
  /** Number of logits. */
  readonly outputs: number;
  readonly #options: ResolvedOptions;
  readonly #network: BuiltNetwork;
  readonly #optimizer: Optimizer;
  readonly #samples: ResidentSamples;
  readonly #features: number;
  #fakeQuantization = true;
  #disposed = false;

  constructor(
    private readonly runtime: TfjsRuntime,
    readonly spec: NetworkSpec,
    given: CompileOptions,
    layers: CustomLayers,
  ) {
    const options = resolveOptions(given);
    const missing = options.masks ? 'masks of weights' : options.frozen.length > 0 ? 'frozen layers' : undefined;
    if (missing) {
      throw new TrainerError(
        'unsupported-layer',
        `TensorFlow.js has no ${missing}: train with the native engine or WebAssembly.`,
      );
    }
    const inner = options.loss.find(isInnerTerm);
    if (inner) {
      throw new TrainerError(
        'unsupported-layer',
        `The loss has a term '${inner.kind}' on what lies inside of the network, which the TensorFlow.js engine has not: train with createEngine, or leave the term out.`,
      );
    }
    this.#options = options;
    this.batchSize = options.batchSize;
    this.outputs = outputCount(inferShapes(spec));
    this.#features = spec.input.shape.reduce((a, b) => a * b, 1);
    this.#samples = new ResidentSamples(this.#features, this.outputs);
    runtime.activate();
    this.#network = buildNetwork(spec, options.seed, layers);
    this.#defineCustomParameters();
    const { trained, buffers } = this.#network.store;
    if (trained.length === 0) {
      throw new TrainerError(
        'unsupported-layer',
        `The network '${spec.name}' has no layer with weights: nothing to train.`,
      );
    }
    this.#optimizer = new Optimizer(options.optimizer, trained);
    this.parameters = Object.fromEntries([...trained.map(({ name, values }) => [name, values] as const), ...buffers]);
    this.state = this.#optimizer.state;
    this.gradients = Object.fromEntries(trained.map(({ name, gradient }) => [name, () => gradient.slice()]));
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
    const resident = this.#resident(name);
    requireOrder(order, from, to, resident.count);
    requireTargets(name, resident, this.#options.loss);
    const totals: StepTotals = { loss: 0, correct: 0, samples: to - from };
    for (let k = 0; k < count; k++) {
      const start = from + k * this.batchSize;
      const batch = gatherBatch(this.spec, resident, order.subarray(start, Math.min(to, start + this.batchSize)));
      this.#computeGradients(batch, totals);
      if (this.#fakeQuantization) {
        const share = Math.min(1, damping * learningRates[k]!);
        for (const weights of this.#network.store.weights.values()) weights.damp(share);
      }
      this.#optimizer.update(learningRates[k]!);
    }
    // Scales that are mean|w| by definition then belong to the weights as they are now.
    if (this.#fakeQuantization) for (const weights of this.#network.store.weights.values()) weights.followMeans();
    return totals;
  }

  /** The gradients of one batch, order[from…to), without an update; read them from `gradients`. */
  computeGradients(name: string, order: Uint32Array, from: number, to: number): StepTotals {
    const resident = this.#resident(name);
    requireRange(from, Math.min(to, from + this.batchSize), order.length);
    requireOrder(order, from, to, resident.count);
    requireTargets(name, resident, this.#options.loss);
    const totals: StepTotals = { loss: 0, correct: 0, samples: to - from };
    this.#computeGradients(gatherBatch(this.spec, resident, order.subarray(from, to)), totals);
    return totals;
  }

  evaluate(name: string, from: number, to: number, logits?: Float32Array): StepTotals {
    const resident = this.#resident(name);
    requireRange(from, to, resident.count);
    requireTargets(name, resident, this.#options.loss, true);
    const plain = [evaluatedLoss(this.#options.loss)];
    const { outputs, batchSize } = this;
    requireRoom(logits, (to - from) * this.outputs);
    const { tf } = this.runtime;
    const totals: StepTotals = { loss: 0, correct: 0, samples: to - from };
    // An evaluation comes in chunks that are cut by time: what it counts is of all of them.
    if (from === 0) {
      for (const { outputsSeen } of this.#network.store.weights.values()) {
        Object.assign(outputsSeen, { positive: 0, total: 0 });
      }
    }
    tf.tidy(() => {
      const parameters = this.#upload();
      for (let start = from; start < to; start += batchSize) {
        const numbers = Array.from({ length: Math.min(batchSize, to - start) }, (_, i) => start + i);
        const { samples, size, labels, targets } = gatherBatch(this.spec, resident, numbers);
        const values = tf.tidy(() => {
          const x = tf.tensor2d(samples, [size, this.#features]);
          const pass = this.#pass(parameters, size, false);
          return this.#network.forward(x, pass, countPositive).dataSync();
        });
        logits?.set(values, (start - from) * outputs);
        const { loss, correct } = computeLoss(plain, {
          logits: values,
          classes: outputs,
          labels,
          targets,
        });
        totals.loss += loss;
        totals.correct += correct;
      }
    });
    return totals;

    function countPositive({ outputsSeen }: QuantizedWeights, { tensor }: { tensor: Tensor }): void {
      outputsSeen.positive += tf.greater(tensor, 0).sum().dataSync()[0]!;
      outputsSeen.total += tensor.size;
    }
  }

  updateClipping(epoch: number): void {
    this.#requireOpen();
    requireEpoch(epoch);
    for (const weights of this.#network.store.weights.values()) weights.updateClips(epoch);
  }

  setFakeQuantization(enabled: boolean): void {
    this.#fakeQuantization = enabled;
  }

  statistics(): LayerStatistics[] {
    this.#requireOpen();
    const names = this.spec.layers.map(({ name }) => name);
    // Custom layers define their weights last.
    const inOrder = [...this.#network.store.weights.values()].sort(
      (a, b) => names.indexOf(a.layer) - names.indexOf(b.layer),
    );
    return inOrder.map((weights) => ({
      layer: weights.layer,
      positiveShare: weights.outputsSeen.total > 0 ? weights.outputsSeen.positive / weights.outputsSeen.total : 0,
      clip: weights.meanClip,
      codeEntropy: weights.codeEntropy,
    }));
  }

  dispose(): void {
    this.#disposed = true;
    this.#samples.clear();
  }

  /** Custom layers say in their first call which parameters they have. */
  #defineCustomParameters(): void {
    if (!this.spec.layers.some(({ type }) => type === 'custom')) return;
    const { tf } = this.runtime;
    const { store } = this.#network;
    tf.tidy(() => {
      const pass: ForwardPass = {
        ...this.#pass(new Map(), 1, false),
        parameter: (name) => {
          const { shape, values } = store.trained.find((parameter) => parameter.name === name)!;
          return tf.tensor(values, [...shape]);
        },
      };
      this.#network.forward(tf.zeros([1, this.#features]), pass);
    });
  }

  /** Fills the gradients of all parameters and adds the batch to the totals. */
  #computeGradients(batch: Batch, totals: StepTotals): void {
    const { tf } = this.runtime;
    const { trained, weights } = this.#network.store;
    tf.tidy(() => {
      const parameters = this.#upload();
      const x = tf.tensor2d(batch.samples, [batch.size, this.#features]);
      const pass = this.#pass(parameters, batch.size, true);
      const read = trained.filter(({ name }) => parameters.has(name));
      const { grads } = tf.engine().gradients(
        () => lossOnHost(this.runtime, this.#options.loss, this.#network.forward(x, pass), batch, totals),
        read.map(({ name }) => parameters.get(name)!),
        undefined,
        true,
      );
      for (const { gradient } of trained) gradient.fill(0);
      // A custom layer may leave a parameter out; it has no gradient then.
      read.forEach(({ gradient }, i) => {
        if (grads[i]) gradient.set(grads[i].dataSync());
      });
    });
    if (this.#fakeQuantization) for (const quantized of weights.values()) quantized.computeClipGradient();
  }

  /** Parameters as the graph sees them. Clipping scalars act through the weights. */
  #upload(): ReadonlyMap<string, Tensor> {
    const { tf } = this.runtime;
    const { trained, weights } = this.#network.store;
    const clips = new Set(Array.from(weights.values(), ({ clips }) => clips));
    return new Map(
      trained
        .filter(({ values }) => !clips.has(values))
        .map(({ name, shape, values }) => {
          const quantized = this.#fakeQuantization ? weights.get(name)?.dequantized() : undefined;
          return [name, tf.tensor(quantized ?? values, [...shape], 'float32')];
        }),
    );
  }

  #pass(parameters: ReadonlyMap<string, Tensor>, batch: number, training: boolean): ForwardPass {
    return {
      runtime: this.runtime,
      batch,
      training,
      fakeQuantization: this.#fakeQuantization,
      step: training ? this.#optimizer.step + 1 : 0,
      parameter: (name) => parameters.get(name)!,
    };
  }

  #resident(name: string): Resident {
    this.#requireOpen();
    this.runtime.activate();
    return this.#samples.get(name);
  }

  #requireOpen(): void {
    if (this.#disposed) throw new TrainerError('invalid-argument', 'The network was disposed: compile it again.');
  }
}
