// The dense worst case: what a run costs where no kernel can skip anything.
//
// Kernels skip inputs that are zero or equal to the background, so cycles depend on the data. Here every layer runs on its own with
// all of its int8 activations nonzero; int32 maps and accumulators are those that follow from such an input. Several fillings are
// tried, since costs also depend on values: on their bits (multiplication in software), on their digits, their sum and on which
// side of the background they lie (fast kernels). A layer counts with the dearest; the worst case of the network is the sum over
// its layers. It is a measurement of these fillings, not a proof: for the 12 kB FC on the CH32V003, thousands of random changes that
// each kept what cost more found nothing dearer by more than 0.3 %.
import type { Buffer, KernelStep, Step } from '../lowering/program.js';
import { IMAGE_HEAD_BYTES } from '../lowering/records.js';
import { elementTypes } from '../lowering/steps.js';
import { requireRun } from '../run-status.js';
import type { DeviceRun } from './device.js';
import { type LayerCycles, layerCycles } from './layer-cycles.js';
import type { LoadedSimulation } from './loaded-simulation.js';

const RECORDS_OFFSET = 4;

/**
 * A filling gives the value of activation i of the last + 1: of the network's input (−128 … 127) or of a hidden layer (1 … 127,
 * after ReLU).
 */
type Filling = (i: number, last: number, isInput: boolean) => number;

/** A linear congruential generator's high bits: the same numbers on every machine. Never 0. */
function randomFilling(signOf: (random: number) => number): Filling {
  let state = 1;
  return (_i, _last, isInput) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = state >>> 8;
    return (isInput ? signOf(value) : 1) * (1 + (value % 127));
  };
}

/** The input alternates between the extremes, so that it has no background. */
const extremes: Filling = (i, _last, isInput) => (isInput && i % 2 === 1 ? -128 : 127);

/** Both hexadecimal digits are nonzero, the low ones spread. The input is positive and has no background. */
const largePositive: Filling = (i, _last, isInput) => (isInput ? (i === 0 ? 126 : 127) : 113 + (i % 15));

/** Differences from the background of both signs, with nonzero digits. */
const bothSides: Filling = (i, last, isInput) => {
  const step = (i >> 1) % 15;
  if (!isInput) return 127 - ((i >> 1) % 50);
  if (i === 0 || i === last) return -97;
  return i % 2 === 1 ? -128 + step : 126 - step;
};

/** The largest differences that there are, all on one side of the background. */
const belowBackground: Filling = (i, last, isInput) => (isInput ? (i === 0 || i === last ? 127 : -128) : 119);

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
  const tried = fillings().map((filling) => runSteps(simulation, filling));
  const layers = new Map<string, number>();
  for (const [name] of tried[0]!.layers) {
    layers.set(name, Math.max(...tried.map((one) => one.layers.get(name) ?? 0)));
  }
  const cycles = [...layers.values()].reduce((sum, value) => sum + value, 0);
  return { cycles, layers, runs: tried.flatMap(({ runs }) => runs) };
}

/** Runs one record (a channel loop with its body is one) after another, each as an image of its own, with its input filled. */
function runSteps({ device, placement }: LoadedSimulation, fill: Filling): Omit<DenseWorstCase, 'cycles'> {
  const { program, image, imageAddress, inputAddress, ramAddress, logitsAddress, plan } = placement;
  const spans = recordSpans(image, program.steps);
  const recordsEnd = spans.at(-1)!.end;
  const layers = new Map<string, number>();
  const runs: DeviceRun[] = [];
  program.steps.forEach((step, i) => {
    for (const { buffer, isInput } of int8Sources(step)) {
      const bytes = Uint8Array.from({ length: buffer.bytes }, (_, k) => fill(k, buffer.bytes - 1, isInput));
      device.writeRam(isInput ? inputAddress : ramAddress + plan.offsets.get(buffer)!, bytes);
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

/** The int8 activations that a step reads. */
function int8Sources(step: Step): { readonly buffer: Buffer; readonly isInput: boolean }[] {
  const first = stepOf(step);
  const isInt8 = readsInt8(first);
  return isInt8 ? [{ buffer: first.x, isInput: first.x.place === 'input' }] : [];
}

/** What works in place on kept features reads no activations. */
function readsInt8(step: KernelStep): boolean {
  return elementTypes(step).x === 'int8' && step.x !== step.y;
}
