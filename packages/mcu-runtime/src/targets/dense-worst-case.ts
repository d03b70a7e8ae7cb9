// The dense worst case: what a run costs where no kernel can skip anything.
//
// Kernels skip inputs that are zero or equal to the background, so cycles depend on the data. Here every layer runs on its own with
// all of its int8 activations nonzero, of both signs where the node that they come from can give negative ones; int32 maps and
// accumulators are those that follow from such an input. Several fillings are tried, since costs also depend on values: on their bits
// (multiplication in software), on their digits, their sum and on which side of the background they lie (fast kernels). A layer counts
// with the dearest; the worst case of the network is the sum over its layers. It is a measurement of these fillings, not a proof: for
// the 12 kB FC on the CH32V003, thousands of random changes that each kept what cost more found nothing dearer by more than 0.3 %.
// Where channels are chosen, they are those that a filling makes the scores choose.
import type { Buffer, KernelStep, Step } from '../lowering/program.js';
import { IMAGE_HEAD_BYTES } from '../lowering/records.js';
import { elementTypes } from '../lowering/steps.js';
import { requireRun } from '../run-status.js';
import type { DeviceRun } from './device.js';
import { type LayerCycles, layerCycles } from './layer-cycles.js';
import type { LoadedSimulation, Placement } from './loaded-simulation.js';

const RECORDS_OFFSET = 4;

/** A filling gives the value of activation i of the last + 1: of a tensor with both signs, as the sample is, or of one without (1 … 127). */
type Filling = (i: number, last: number, isSigned: boolean) => number;

/** A linear congruential generator's high bits: the same numbers on every machine. Never 0. */
function randomFilling(signOf: (random: number) => number): Filling {
  let state = 1;
  return (_i, _last, isSigned) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = state >>> 8;
    return (isSigned ? signOf(value) : 1) * (1 + (value % 127));
  };
}

/** Both signs: alternates between the extremes, so that there is no background. */
const extremes: Filling = (i, _last, isSigned) => (isSigned && i % 2 === 1 ? -128 : 127);

/** Both hexadecimal digits are nonzero, the low ones spread. With both signs: positive, without a background. */
const largePositive: Filling = (i, _last, isSigned) => (isSigned ? (i === 0 ? 126 : 127) : 113 + (i % 15));

/** Differences from the background of both signs, with nonzero digits. */
const bothSides: Filling = (i, last, isSigned) => {
  const step = (i >> 1) % 15;
  if (!isSigned) return 127 - ((i >> 1) % 50);
  if (i === 0 || i === last) return -97;
  return i % 2 === 1 ? -128 + step : 126 - step;
};

/** The largest differences that there are, all on one side of the background. */
const belowBackground: Filling = (i, last, isSigned) => (isSigned ? (i === 0 || i === last ? 127 : -128) : 119);

function fillings(): readonly Filling[] {
  const either = (random: number) => ((random >>> 12) & 1 ? 1 : -1);
  const random = [randomFilling(either), randomFilling(() => -1)];
  return [...random, extremes, largePositive, bothSides, belowBackground];
}

export interface DenseWorstCase {
  readonly cycles: number;
  readonly layers: LayerCycles;
  readonly runs: readonly DeviceRun[];
}

/** Runs the dense worst case. The device holds the model's own image again afterwards. */
export function denseWorstCase(simulation: LoadedSimulation): DenseWorstCase {
  const sources = int8Sources(simulation.placement);
  const tried = fillings().map((filling) => runSteps(simulation, sources, filling));
  const layers = new Map<string, number>();
  for (const [name] of tried[0]!.layers) {
    layers.set(name, Math.max(...tried.map((one) => one.layers.get(name) ?? 0)));
  }
  const cycles = [...layers.values()].reduce((sum, value) => sum + value, 0);
  return { cycles, layers, runs: tried.flatMap(({ runs }) => runs) };
}

/** Runs one record (a channel loop with its body is one) after another, each as an image of its own, with its input filled. */
function runSteps(
  { device, placement }: LoadedSimulation,
  sources: readonly (Int8Source | undefined)[],
  fill: Filling,
): Omit<DenseWorstCase, 'cycles'> {
  const { program, image, imageAddress, inputAddress, ramAddress, logitsAddress, plan } = placement;
  const spans = recordSpans(image, program.steps);
  const recordsEnd = spans.at(-1)!.end;
  const layers = new Map<string, number>();
  const runs: DeviceRun[] = [];
  program.steps.forEach((step, i) => {
    const source = sources[i];
    if (source !== undefined) {
      const { buffer, isSigned } = source;
      const bytes = Uint8Array.from({ length: buffer.bytes }, (_, k) => fill(k, buffer.bytes - 1, isSigned));
      device.writeRam(buffer.place === 'input' ? inputAddress : ramAddress + plan.offsets.get(buffer)!, bytes);
    }
    const single = image.slice(0, recordsEnd);
    single.set(image.subarray(spans[i]!.begin, spans[i]!.end), IMAGE_HEAD_BYTES);
    new DataView(single.buffer).setUint16(RECORDS_OFFSET, 1, true);
    device.writeFlash(imageAddress, single);
    const run = device.call('bnm_run', [imageAddress, inputAddress, ramAddress, logitsAddress]);
    requireRun(run.value, 'The simulated part');
    runs.push(run);
    const own = layerCycles([step], run) ?? new Map([[stepOf(step).node, run.cycles]]);
    for (const [name, cycles] of own) layers.set(name, (layers.get(name) ?? 0) + cycles);
  });
  device.writeFlash(imageAddress, image.subarray(0, recordsEnd));
  return { layers, runs };
}

function stepOf(step: Step): KernelStep {
  return step.op === 'channels' ? step.body[0]! : step;
}

/** Where each step's records lie in the image. */
function recordSpans(image: Uint8Array, steps: readonly Step[]): { begin: number; end: number }[] {
  let at = IMAGE_HEAD_BYTES;
  return steps.map((step) => {
    const begin = at;
    const records = step.op === 'channels' ? 1 + step.body.length : 1;
    for (let r = 0; r < records; r++) at += 4 * image[at + 1]!;
    return { begin, end: at };
  });
}

/** Int8 activations that a step reads. */
interface Int8Source {
  readonly buffer: Buffer;
  /** Whether one of them can be negative. */
  readonly isSigned: boolean;
}

/** What each step of a program reads of them. */
function int8Sources({ program, bounds }: Placement): (Int8Source | undefined)[] {
  const ranges = new Map(bounds.map(({ name, output }) => [name, output]));
  const writers = new Map<Buffer, string>();
  return program.steps.map((step) => {
    const first = stepOf(step);
    const last = step.op === 'channels' ? step.body.at(-1)! : step;
    const writer = writers.get(first.x);
    writers.set(last.y, last.node);
    if (!readsInt8(first)) return undefined;
    return { buffer: first.x, isSigned: writer === undefined || ranges.get(writer)!.min < 0 };
  });
}

/** What works in place on kept features reads no activations. */
function readsInt8(step: KernelStep): boolean {
  return elementTypes(step).x === 'int8' && step.x !== step.y;
}
