// A simulated part as an implementation of integer inference, for conformance and verification. Memories grow with the model.
import type { InferenceBackend, LoadedModel, QuantizedModel } from '@bitnetmcu/models';
import { loadSimulation, tooLarge } from './loaded-simulation.js';
import { findSimulationTarget, findVariant, type SimulationTargetName } from './simulation-targets.js';

/**
 * Integer inference on a simulated part, for comparing it with the reference.
 *
 * @example
 * ```ts
 * import { SimulatorBackend } from '@bitnetmcu/mcu-runtime/targets';
 *
 * const loaded = await new SimulatorBackend('rp2040').load(model);
 * const logits = await loaded.infer(inputs, 1);
 * ```
 */
export class SimulatorBackend implements InferenceBackend {
  /** `sim:` and the target. */
  readonly name: string;

  /** @param kernels name of the kernels; default: the target's fastest */
  constructor(
    private readonly target: SimulationTargetName,
    private readonly kernels?: string,
  ) {
    this.name = `sim:${target}`;
  }

  /** @throws SimulatorError `does-not-fit` where the model is larger than anything that this simulator can address */
  async load(model: QuantizedModel): Promise<LoadedModel> {
    const target = findSimulationTarget(this.target);
    const variant = this.kernels === undefined ? target.defaults[0] : findVariant(target, this.kernels);
    const loading = await loadSimulation(model, target, variant);
    if (loading.kind === 'too-large') throw tooLarge(target, loading);
    const { simulation } = loading;
    const { inputs, outputs } = simulation.placement;
    return {
      outputs,
      infer(samples, count) {
        const logits = new Int32Array(count * outputs);
        for (let i = 0; i < count; i++) {
          logits.set(simulation.infer(samples.subarray(i * inputs, (i + 1) * inputs)).logits, i * outputs);
        }
        return logits;
      },
      close: () => {},
    };
  }
}
