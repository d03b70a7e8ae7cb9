// What a model costs on the smallest part, by its simulator.
import { firmwareFacts } from '../../packages/exporter/dist/internal/node.js';
import { simulateModel } from '../../packages/mcu-runtime/dist/targets/index.js';
import { quantizeInput } from '../../packages/models/dist/index.js';

const TARGET = 'ch32v003';
const CLOCK_HZ = 48e6;
const SAMPLES = 3;

/** Cycles and milliseconds of a sample, bytes of flash and RAM; undefined where the part has not enough. */
export async function simulate(model, { bytes, count }) {
  const inputs = quantizeInput(model, bytes.subarray(0, (SAMPLES * bytes.length) / count));
  const result = await simulateModel(model, { target: TARGET, facts: firmwareFacts(model, TARGET), inputs });
  if (result.kind === 'does-not-fit') return undefined;
  const { flash, ram, cycles } = result;
  return {
    target: TARGET,
    cycles: Math.round(cycles.mean),
    milliseconds: Math.round((10_000 * cycles.mean) / CLOCK_HZ) / 10,
    flash: flash.code + flash.weights,
    ram: ram.static + (ram.stack ?? 0),
  };
}
