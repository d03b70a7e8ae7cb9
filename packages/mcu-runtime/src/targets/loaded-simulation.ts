// A model in a simulated part: placed in its memories, run sample by sample.
import type { QuantizedModel } from '@bitnetmcu/models';
import { classOf, type NodeBounds, proveAccumulatorBounds } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { getLayout } from '../layout/layouts.js';
import { type BufferPlan, planBuffers } from '../lowering/buffer-plan.js';
import { writeImage } from '../lowering/image.js';
import { lowerModel } from '../lowering/lower-model.js';
import type { Program } from '../lowering/program.js';
import { requireRun } from '../run-status.js';
import { SimulatorError } from '../sim/errors.js';
import type { Device, DeviceMemory, DeviceRun } from './device.js';
import type { KernelImage } from './kernel-image.js';
import { kernelImage } from './kernel-images.js';
import type { KernelVariant } from './kernel-variants.js';
import { isInRam, type SimulationTarget } from './simulation-targets.js';

const ALIGNMENT = 4;
/** More than any model's kernels use; what they do use is measured. */
export const STACK_ROOM = 4096;

/** Where a model lies in a part. Addresses of the kernel image, sizes in bytes. */
export interface Placement {
  readonly image: Uint8Array;
  readonly imageAddress: number;
  readonly inputAddress: number;
  readonly ramAddress: number;
  readonly logitsAddress: number;
  /** Buffers of the model: input, working memory, logits. */
  readonly bufferBytes: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly program: Program;
  readonly plan: BufferPlan;
  /** What is proven of each node of the model. */
  readonly bounds: readonly NodeBounds[];
}

export interface InferenceRun {
  readonly logits: Int32Array;
  readonly prediction: number;
  /** bnm_run, then bnm_argmax. */
  readonly calls: readonly [DeviceRun, DeviceRun];
}

export interface LoadedSimulation {
  readonly device: Device;
  readonly kernels: KernelImage;
  readonly placement: Placement;
  /** @param sample int8, `placement.inputs` of them */
  infer(sample: Int8Array): InferenceRun;
}

/** A model in a part, or one that is larger than what this simulator can address. */
export type Loading = { readonly kind: 'loaded'; readonly simulation: LoadedSimulation } | TooLarge;
interface TooLarge {
  readonly kind: 'too-large';
  readonly placement: Placement;
  readonly kernels: KernelImage;
}

/** Of a model that this simulator cannot address: what a caller throws who needs it to run. */
export function tooLarge({ name, limits }: SimulationTarget, { placement }: TooLarge): SimulatorError {
  const { image, bufferBytes } = placement;
  return new SimulatorError(
    'does-not-fit',
    `${image.length} bytes of weights and ${bufferBytes} bytes of buffers found; wanted: with all kernels at most ${describeLimits(limits)} on ${name}, which is what its simulator can address. Make the model smaller.`,
  );
}

function describeLimits({ flashBytes, ramBytes }: DeviceMemory): string {
  return Number.isFinite(flashBytes)
    ? `${flashBytes} bytes of flash and ${ramBytes} of RAM`
    : `${ramBytes} bytes of RAM`;
}

/**
 * Lays a model out for a target's kernels and puts it into a simulated part.
 * @param compiled the variant's image, where it is not to be the prebuilt one
 * @throws as layoutModel
 */
export async function loadSimulation(
  model: QuantizedModel,
  target: SimulationTarget,
  variant: KernelVariant,
  compiled?: KernelImage,
): Promise<Loading> {
  const kernels = compiled ?? (await kernelImage(variant.image));
  const placement = place(model, target, variant, kernels);
  const flashBase = kernels.program.segments[0]!.address;
  const { image, imageAddress, logitsAddress, outputs } = placement;
  const imageEnd = imageAddress + image.length;
  const logitsEnd = logitsAddress + outputs * 4;
  const areWeightsInRam = target.weightsIn === 'ram';
  const memory = {
    flashBytes: areWeightsInRam ? 0 : roundUp(imageEnd - flashBase),
    ramBytes: roundUp((areWeightsInRam ? imageEnd : logitsEnd) - target.ramBase + STACK_ROOM),
  };
  const { limits } = target;
  if (memory.flashBytes > limits.flashBytes || memory.ramBytes > limits.ramBytes) {
    return { kind: 'too-large', placement, kernels };
  }
  const device = await target.createDevice(kernels, memory);
  device.writeFlash(placement.imageAddress, placement.image);
  return {
    kind: 'loaded',
    simulation: { device, kernels, placement, infer: (sample) => infer(device, placement, sample) },
  };
}

function place(
  model: QuantizedModel,
  target: SimulationTarget,
  variant: KernelVariant,
  { program: { segments } }: KernelImage,
): Placement {
  const bounds = proveAccumulatorBounds(model);
  const program = lowerModel(model, getLayout(variant.layout), { everyTensor: false });
  const plan = planBuffers(program, ALIGNMENT);
  const inputs = elementCount(model.input.shape);
  const end = (spans: readonly (readonly [start: number, bytes: number])[], base: number) =>
    roundUp(spans.reduce((last, [start, bytes]) => Math.max(last, start + bytes), base));
  const flashEnd = end(
    segments.filter(({ bytes }) => bytes.length > 0).map(({ loadAddress, bytes }) => [loadAddress, bytes.length]),
    0,
  );
  const inputAddress = end(
    segments.filter(({ address }) => isInRam(address, target)).map(({ address, size }) => [address, size]),
    target.ramBase,
  );
  const ramAddress = inputAddress + roundUp(inputs);
  const logitsAddress = ramAddress + roundUp(plan.ramBytes);
  const imageAddress = target.weightsIn === 'ram' ? logitsAddress + program.outputs * 4 : flashEnd;
  const { outputs } = program;
  const bufferBytes = logitsAddress + outputs * 4 - inputAddress;
  const image = writeImage(program, plan, inputs);
  const addresses = { imageAddress, inputAddress, ramAddress, logitsAddress };
  return { image, ...addresses, bufferBytes, inputs, outputs, program, plan, bounds };
}

function infer(device: Device, placement: Placement, sample: Int8Array): InferenceRun {
  const { imageAddress, inputAddress, ramAddress, logitsAddress, outputs } = placement;
  device.writeRam(inputAddress, new Uint8Array(sample.buffer, sample.byteOffset, sample.length));
  const run = device.call('bnm_run', [imageAddress, inputAddress, ramAddress, logitsAddress]);
  requireRun(run.value, 'The simulated part');
  // Of a single logit its sign is the class; the call then stands for the comparison in exported code.
  const argmax = device.call('bnm_argmax', [logitsAddress, outputs]);
  const bytes = device.readRam(logitsAddress, outputs * 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const logits = Int32Array.from({ length: outputs }, (_, i) => view.getInt32(4 * i, true));
  return { logits, prediction: outputs === 1 ? classOf(logits) : argmax.value, calls: [run, argmax] };
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
