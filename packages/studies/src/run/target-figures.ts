// What parts make of a run's network: sizes and cycles by the simulator with prebuilt kernels, the same whatever compilers a machine has.
import { probeInput } from '@bitnetmcu/mcu-runtime/internal/targets';
import { simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import type { TargetFigures } from './run-record.js';
import { parseTarget } from './target-name.js';

/**
 * In the order of `targets`: parts, or a part and its kernels (`ch32v003:coded`).
 * @throws as parseTarget
 */
export async function targetFigures(
  model: QuantizedModel,
  targets: readonly string[],
  signal?: AbortSignal,
): Promise<TargetFigures[]> {
  const figures: TargetFigures[] = [];
  for (const target of targets) {
    const { part, kernels } = parseTarget(target);
    const simulation = await simulateModel(model, {
      target: part,
      ...(kernels !== undefined && { kernels }),
      inputs: probeInput(model),
      ...(signal && { signal }),
    });
    const { flash, ram } = simulation;
    figures.push({
      target,
      fits: simulation.kind === 'simulated',
      flashBytes: flash.code + flash.weights,
      ramBytes: ram.static + (ram.stack ?? 0),
      ...(simulation.kind === 'simulated' && {
        cycles: simulation.cycles.mean,
        worstCycles: simulation.cycles.worst,
        milliseconds: simulation.milliseconds.mean,
      }),
    });
  }
  return figures;
}
