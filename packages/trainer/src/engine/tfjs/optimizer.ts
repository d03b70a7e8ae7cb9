// Parameter updates on the host: the equations of the compiled engine (native/kernels/optimizers.h) on the same state.
import { unknownValue } from '../../arguments.js';
import { clipGateName } from '../clip-gate.js';
import type { OptimizerSpec } from '../compile-options.js';
import type { Parameter } from './parameters.js';

/** Moments a parameter, by the names under which they are saved. */
const MOMENTS = {
  adam: ['firstMoment', 'secondMoment'],
  adamw: ['firstMoment', 'secondMoment'],
  sgd: ['velocity'],
} as const;

export class Optimizer {
  /** Everything that a resume needs: `<parameter>.<moment>`, `<clipping scalars>.gate` and `optimizer.step`. */
  readonly state: Readonly<Record<string, Float32Array>>;
  readonly #step = new Float32Array(1);

  constructor(
    private readonly spec: OptimizerSpec,
    private readonly parameters: readonly Parameter[],
  ) {
    const moments = parameters.flatMap(({ name, values }) =>
      MOMENTS[spec.kind].map((moment) => [`${name}.${moment}`, new Float32Array(values.length)] as const),
    );
    const gates = parameters.flatMap(({ name, gate }) => (gate ? [[clipGateName(name), gate] as const] : []));
    this.state = Object.fromEntries([...moments, ...gates, ['optimizer.step', this.#step]]);
  }

  /** Steps taken. */
  get step(): number {
    return this.#step[0]!;
  }

  /** One step with the gradients that the parameters hold. */
  update(learningRate: number): void {
    const step = ++this.#step[0]!;
    for (const parameter of this.parameters) {
      if (parameter.gate?.[0] === 0) continue;
      this.#updateParameter(parameter, learningRate * parameter.rateFactor, step);
      const { values, minimum } = parameter;
      if (minimum !== undefined) for (let i = 0; i < values.length; i++) values[i] = Math.max(values[i]!, minimum);
    }
  }

  #updateParameter({ name, values, gradient, decays }: Parameter, rate: number, step: number): void {
    const { spec } = this;
    const decay = decays ? spec.weightDecay : 0;
    const moment = (kind: string): Float32Array => this.state[`${name}.${kind}`]!;
    switch (spec.kind) {
      case 'adam':
      case 'adamw': {
        const { beta1, beta2, epsilon } = spec;
        const decoupled = spec.kind === 'adamw';
        const corrected = rate / (1 - beta1 ** step);
        const secondCorrection = Math.sqrt(1 / (1 - beta2 ** step));
        const shrink = decoupled ? 1 - rate * decay : 1;
        const [first, second] = [moment('firstMoment'), moment('secondMoment')];
        for (let i = 0; i < values.length; i++) {
          const g = gradient[i]! + (decoupled ? 0 : decay * values[i]!);
          const m = first[i]! + (1 - beta1) * (g - first[i]!);
          const v = second[i]! + (1 - beta2) * (g * g - second[i]!);
          first[i] = m;
          second[i] = v;
          values[i] = values[i]! * shrink - (corrected * m) / (Math.sqrt(v) * secondCorrection + epsilon);
        }
        return;
      }
      case 'sgd': {
        const { momentum, nesterov } = spec;
        const velocity = moment('velocity');
        for (let i = 0; i < values.length; i++) {
          const g = gradient[i]! + decay * values[i]!;
          const u = momentum * velocity[i]! + g;
          velocity[i] = u;
          values[i] = values[i]! - rate * (nesterov ? g + momentum * u : u);
        }
        return;
      }
      default:
        throw unknownValue('optimizer', spec);
    }
  }
}
