// What stands before a network with raw values costs: the features of signals, simulated, and the memory of the programs that read raw values.
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount, type FrontEnd, type RawType } from '@bitnetmcu/models/internal';
import { planFrontEnd } from '../front-end/calls.js';
import type { CodeSize } from './kernel-image.js';
import type { SimulatedLayer } from './layer-cycles.js';
import type { Part } from './part.js';
import { type SimulatedFrontEnd, simulateFrontEnd } from './simulate-front-end.js';
import type { Costs } from './simulation.js';
import type { SimulationTargetName } from './simulation-targets.js';

/** Cycles of features depend on the signal: loud and quiet noise, a tone, and the extremes that there are. */
const EXAMPLES: readonly ((i: number) => number)[] = [
  (i) => ((i * 48_271) % 65_536) - 32_768,
  (i) => ((i * 48_271) % 201) - 100,
  (i) => Math.round(8000 * Math.sin(i / 3)),
  (i) => (i % 7 < 3 ? -32_768 : 32_767),
];

/** The features of a model's frames on a part; undefined where it has none. */
export async function simulateFeatures(
  { input: { frontEnd } }: QuantizedModel,
  name: SimulationTargetName,
): Promise<SimulatedFrontEnd | undefined> {
  if (frontEnd === undefined) return undefined;
  const size = frontEnd.channels * frontEnd.frame;
  const frames = Int16Array.from({ length: EXAMPLES.length * size }, (_, i) => EXAMPLES[Math.floor(i / size)]!(i));
  return simulateFrontEnd(frontEnd, name, frames);
}

/** The features of one sample. */
export interface FeatureCosts {
  readonly frames: number;
  readonly cycles: Costs;
  readonly instructions: number;
  /** Their row among the layers. */
  readonly layer: SimulatedLayer;
}

/** What the features of a sample cost, by what those of frames do. */
export function featureCosts(
  { channels, frame, frames, filters, features }: FrontEnd,
  { cycles, instructions }: SimulatedFrontEnd,
): FeatureCosts {
  const mean = frames * cycles.mean;
  const most = frames * cycles.max;
  const computed = [...filters, ...features].map((one) =>
    one.type === 'bands' ? `${one.bands.length} bands` : one.type,
  );
  const operation = `${frames} × ${[...(channels > 1 ? [channels] : []), frame].join('×')}: ${computed.join(', ')}`;
  return {
    frames,
    cycles: { mean, max: most, worst: most },
    instructions: frames * instructions,
    layer: { name: 'features', operation, weightBytes: 0, cycles: mean, worst: most },
  };
}

const VALUE_BYTES: Readonly<Record<RawType, number>> = { u8: 1, i16: 2, i32: 4, f32: 4 };
/** Of the table by which a raw value becomes int8, a feature. */
const RECORD_BYTES = 16;
/** Of a stream: time steps, pause, the votes of three windows, and those of a frame. */
const STREAM_COUNTERS = 16;

/**
 * What firmware of a model has, as an estimate, besides that of the same network without raw values: a program that reads rows of numbers,
 * one a sample or one a time step, and its buffers.
 */
export function rawInputMemory(
  { input: { raw, frontEnd, shape } }: QuantizedModel,
  outputs: number,
  { code: sizes, weightsIn }: Part,
  features: SimulatedFrontEnd | undefined,
): CodeSize {
  if (raw === undefined) return { flash: 0, ram: 0 };
  const size = elementCount(shape);
  const { rows, stream, float } = sizes.raw;
  const isStream = frontEnd !== undefined || (raw.kind === 'signal' && shape.length === 3 && shape[1] === 1);
  const parts = [rows, ...(isStream ? [stream] : []), ...(raw.type === 'f32' ? [float] : [])];
  const code = parts.reduce((sum, { flash, ram }) => ({ flash: sum.flash + flash, ram: sum.ram + ram }));
  const records = RECORD_BYTES * raw.features.length;

  // A row has the values of a sample, or of a time step: raw ones, of a signal int16, and integers of floats besides.
  const rowValues = isStream ? (frontEnd?.channels ?? shape[0]!) : size;
  const row = rowValues * (frontEnd ? 2 : VALUE_BYTES[raw.type] + (raw.type === 'f32' ? 4 : 0));
  // The self-test has raw values of a sample, where they are no floats and no signal.
  const tested = frontEnd || raw.type === 'f32' ? 0 : size * VALUE_BYTES[raw.type];
  // A stream keeps a window and its logits; whole samples become the input of another function than the self-test's.
  const window = isStream ? size + 4 * outputs + STREAM_COUNTERS : size;
  const buffers = row + tested + window + (frontEnd ? frontEndBuffers(frontEnd) : 0);
  return {
    flash: code.flash + records + (features?.flashBytes ?? 0),
    ram:
      code.ram +
      buffers +
      (features?.codeRamBytes ?? 0) +
      (weightsIn === 'ram' ? records + (features?.tableBytes ?? 0) : 0),
  };
}

/** The frame that is being filled, and what one of its channels is worked on in. */
function frontEndBuffers(frontEnd: FrontEnd): number {
  const { frameBytes, filteredBytes, scratchBytes, values } = planFrontEnd(frontEnd);
  return frameBytes + filteredBytes + scratchBytes + 4 * values;
}
