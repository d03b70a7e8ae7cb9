// simulateFrontEnd: the features of signals on a simulated part, frame by frame, with cycles and sizes. Needs no compiler.
import { computeFrame, type FrontEnd } from '@bitnetmcu/models/internal';
import { planFrontEnd } from '../front-end/calls.js';
import { placeFrontEnd } from '../front-end/memory-plan.js';
import { SimulatorError } from '../sim/errors.js';
import { codeSize, type KernelImage } from './kernel-image.js';
import { kernelImage } from './kernel-images.js';
import { featureImage } from './kernel-variants.js';
import { ProfileSum, type ProfileSummary } from './profile-sum.js';
import {
  findSimulationTarget,
  isInRam,
  type SimulationTarget,
  type SimulationTargetName,
} from './simulation-targets.js';

/** More than any feature uses; what they do use is measured. */
const STACK_ROOM = 1024;
const ALIGNMENT = 4;
const roundUp = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** What a front end costs on a part. */
export interface SimulatedFrontEnd {
  readonly frames: number;
  /** Of a frame of all channels. */
  readonly cycles: { readonly mean: number; readonly max: number };
  /** Mean number of instructions of a frame. */
  readonly instructions: number;
  /** Mean cycles of a frame by feature or filter, in the order of the first channel's calls. */
  readonly calls: readonly { readonly name: string; readonly cycles: number }[];
  /** Of all frames together. */
  readonly profile: ProfileSummary;
  /** Code and constants of the front end in flash. */
  readonly flashBytes: number;
  /** Of these the constants. */
  readonly tableBytes: number;
  /** Code that runs from RAM. */
  readonly codeRamBytes: number;
  /** Frame, filtered frame, scratch and values. */
  readonly ramBytes: number;
  readonly stackBytes: number;
}

/**
 * Computes frames on a simulated part and compares all values with the reference.
 * @param frames of channels · frame values each, channel-major, one after another, at least one
 * @throws SimulatorError `unknown-target`, `bad-argument`; `run-failed` and `logits-differ` are bugs
 */
export async function simulateFrontEnd(
  frontEnd: FrontEnd,
  name: SimulationTargetName,
  frames: Int16Array,
): Promise<SimulatedFrontEnd> {
  const target = findSimulationTarget(name);
  const size = frontEnd.channels * frontEnd.frame;
  const count = frames.length / size;
  if (!Number.isInteger(count) || count === 0) {
    throw new SimulatorError(
      'bad-argument',
      `${frames.length} values found, a multiple of ${size} wanted: whole frames, at least one`,
    );
  }
  const kernels = await kernelImage(featureImage(name));
  const { placed, device } = await load(frontEnd, target, kernels);
  const profile = new ProfileSum();
  const calls = new Map(planFrontEnd(frontEnd).calls.map(({ name: call }) => [call, 0]));
  let [sum, max, stackBytes, instructions] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const frame = frames.subarray(i * size, (i + 1) * size);
    device.writeRam(placed.frame, int16Bytes(frame));
    let cycles = 0;
    for (const { name: call, args } of placed.calls) {
      const run = device.call(`bnm_${call}`, args);
      cycles += run.cycles;
      stackBytes = Math.max(stackBytes, run.stackBytes);
      calls.set(call, calls.get(call)! + run.cycles / count);
      instructions += run.instructions;
      profile.add(run.profile);
    }
    requireValues(target, i, device.readRam(placed.values, 4 * placed.valueCount), computeFrame(frontEnd, frame));
    sum += cycles;
    max = Math.max(max, cycles);
  }
  const { tableBytes } = planFrontEnd(frontEnd);
  const code = codeSize(kernels, withoutStart(profile.executed), placed.calls.length);
  return {
    frames: count,
    cycles: { mean: sum / count, max },
    instructions: instructions / count,
    calls: [...calls].map(([call, cycles]) => ({ name: call, cycles })),
    profile: profile.summary(),
    flashBytes: code.flash + tableBytes,
    tableBytes,
    codeRamBytes: code.ram,
    ramBytes: placed.end - placed.frame,
    stackBytes,
  };
}

/** Start-up code counts with the network. */
const withoutStart = (names: Iterable<string>) => [...names].filter((name) => name !== 'reset');

async function load(frontEnd: FrontEnd, target: SimulationTarget, kernels: KernelImage) {
  const { segments } = kernels.program;
  const inRam = segments.filter(({ address }) => isInRam(address, target));
  const ramStart = roundUp(inRam.reduce((last, { address, size }) => Math.max(last, address + size), target.ramBase));
  const filled = segments.filter(({ bytes }) => bytes.length > 0);
  const flashEnd = roundUp(
    filled.reduce((last, { loadAddress, bytes }) => Math.max(last, loadAddress + bytes.length), 0),
  );
  const tableBase = target.weightsIn === 'flash' ? flashEnd : undefined;
  const placed = placeFrontEnd(frontEnd, ramStart, tableBase);
  const { tableBytes } = planFrontEnd(frontEnd);
  const device = await target.createDevice(kernels, {
    flashBytes: flashEnd - segments[0]!.address + tableBytes + ALIGNMENT * placed.tables.length,
    ramBytes: roundUp(placed.end - target.ramBase + STACK_ROOM),
  });
  for (const { address, bytes } of placed.tables) {
    if (tableBase === undefined) device.writeRam(address, bytes);
    else device.writeFlash(address, bytes);
  }
  return { placed, device };
}

function int16Bytes(values: Int16Array): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setInt16(2 * i, value, true);
  });
  return bytes;
}

function requireValues(target: SimulationTarget, frame: number, bytes: Uint8Array, expected: Int32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const wrong = expected.findIndex((value, i) => view.getInt32(4 * i, true) !== value);
  if (wrong === -1) return;
  throw new SimulatorError(
    'logits-differ',
    `Frame ${frame}, value ${wrong} on ${target.name}: ${view.getInt32(4 * wrong, true)} found, ${expected[wrong]} wanted as in the reference. This is a bug in the features; please report it with the model.`,
  );
}
