// A TrainableNetwork in plain TypeScript: softmax regression with momentum. Lets the loop be tested without a compiled engine.
import type { CompileOptions } from '../../engine/compile-options.js';
import type { Engine, Samples, StepTotals, TrainableNetwork, TrainingSteps } from '../../engine/engine.js';

export class SoftmaxRegression implements TrainableNetwork {
  readonly batchSize: number;
  readonly parameters: Record<string, Float32Array>;
  readonly state: Record<string, Float32Array>;
  readonly calls: string[] = [];
  readonly #features: number;
  readonly #outputs: number;
  readonly #samples = new Map<string, Samples>();

  constructor(
    readonly spec: TrainableNetwork['spec'],
    { batchSize = 128 }: CompileOptions = {},
  ) {
    this.batchSize = batchSize;
    this.#features = spec.input.shape.reduce<number>((a, b) => a * b, 1);
    const [layer] = spec.layers;
    this.#outputs = layer?.type === 'linear' ? layer.outputs : 0;
    const size = this.#features * this.#outputs;
    this.parameters = {
      [`${layer?.name}.weight`]: new Float32Array(size),
      [`${layer?.name}.clip`]: Float32Array.of(1),
    };
    this.state = { momentum: new Float32Array(size), epoch: Float32Array.of(-1) };
  }

  load(name: string, samples: Samples): void {
    this.calls.push(`load ${name}`);
    this.#samples.set(name, { ...samples, bytes: samples.bytes.slice() });
  }

  loadTargets(name: string, logits: Float32Array): void {
    this.calls.push(`targets ${name} ${logits.length}`);
  }

  train(name: string, { order, from = 0, to = order.length, learningRates: rates }: TrainingSteps): StepTotals {
    const totals = { loss: 0, correct: 0, samples: to - from };
    const weight = Object.values(this.parameters)[0]!;
    const momentum = this.state.momentum!;
    for (let begin = from, step = 0; begin < to; begin += this.batchSize, step++) {
      const gradient = new Float64Array(weight.length);
      const end = Math.min(to, begin + this.batchSize);
      for (let i = begin; i < end; i++) this.#sample(name, order[i]!, totals, gradient);
      for (let i = 0; i < weight.length; i++) {
        momentum[i] = 0.9 * momentum[i]! + gradient[i]! / (end - begin);
        weight[i]! -= rates[step]! * momentum[i]!;
      }
    }
    return totals;
  }

  evaluate(name: string, from: number, to: number, logits?: Float32Array): StepTotals {
    this.calls.push(`evaluate ${name}`);
    const totals = { loss: 0, correct: 0, samples: to - from };
    for (let i = from; i < to; i++) {
      const row = this.#sample(name, i, totals);
      logits?.set(row, (i - from) * this.#outputs);
    }
    return totals;
  }

  updateClipping(epoch: number): void {
    this.calls.push(`clipping ${epoch}`);
    // Depends on the weights: called again within an epoch it would change the result.
    this.state.epoch![0] = epoch + (Object.values(this.parameters)[0]![0] ?? 0);
    Object.values(this.parameters)[1]![0]! += 0.125;
  }

  setFakeQuantization(): void {}

  statistics() {
    return [{ layer: 'fc1', positiveShare: 0.5, clip: 1, codeEntropy: 2 }];
  }

  dispose(): void {
    this.calls.push('dispose');
  }

  #sample(name: string, number: number, totals: StepTotals, gradient?: Float64Array): number[] {
    const { bytes, labels } = this.#samples.get(name)!;
    const weight = Object.values(this.parameters)[0]!;
    const x = bytes.subarray(number * this.#features, (number + 1) * this.#features);
    const logits = Array.from({ length: this.#outputs }, (_, o) =>
      x.reduce((sum, value, i) => sum + (value / 255) * weight[o * this.#features + i]!, 0),
    );
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const label = labels[number]!;
    totals.loss += Math.log(total) - logits[label]!;
    if (logits.indexOf(Math.max(...logits)) === label) totals.correct++;
    if (gradient) {
      logits.forEach((logit, o) => {
        const error = Math.exp(logit) / total - (o === label ? 1 : 0);
        x.forEach((value, i) => {
          gradient[o * this.#features + i]! += (error * value) / 255;
        });
      });
    }
    return logits;
  }
}

/** An engine that only knows networks of one linear layer. */
export function softmaxEngine(): Engine & { readonly networks: SoftmaxRegression[] } {
  const networks: SoftmaxRegression[] = [];
  return {
    networks,
    info: { kind: 'wasm', simd: 'none', threads: 1 },
    compile(spec, options) {
      const network = new SoftmaxRegression(spec, options);
      networks.push(network);
      return network;
    },
  };
}
