// Firmware of a model for a board: kernels with which it fits, as many samples as there is room for, built; or a refusal with the bytes
// that are missing.

import { chooseVariant, findPart } from '@bitnetmcu/mcu-runtime/internal/targets';
import type { KernelChoice } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';
import { firmwareFacts } from './firmware-facts.js';
import { type FirmwareKindName, firmwareKind } from './firmware-kinds.js';
import { type FirmwareOptions, type FirmwareProject, firmwareProject } from './firmware-project.js';
import { sampleBytes } from './samples-header.js';
import { type WriteFirmwareOptions, type WrittenFirmware, writeFirmware } from './write-firmware.js';

export interface MakeFirmwareOptions extends FirmwareOptions, WriteFirmwareOptions {
  /**
   * `fitting` (default): as many of the samples as there is room for, those that pack best; a blank one where none fits. `all`: refuse
   * what they are too many for.
   */
  readonly samples?: 'all' | 'fitting';
}

export interface MadeFirmware {
  readonly project: FirmwareProject;
  readonly written: WrittenFirmware;
  /** What the smallest firmware with these kernels takes; absent of kinds that are for any part. */
  readonly choice?: KernelChoice;
}

/** Flash that stays free for whoever goes on from here, where one sample leaves so much. */
const FREE_FLASH = 1024;

/**
 * Chooses kernels and samples, writes the project into a folder and builds it where its compiler is installed. Nothing is written where
 * the model does not fit.
 * @param inputs int8 samples one after another, at least one
 * @throws ExporterError `does-not-fit` with the missing bytes, `invalid-samples`, `unknown-kernels`, `compile`; what `exportC` throws
 *
 * @example
 * ```ts
 * import { makeFirmware } from '@bitnetmcu/exporter/node';
 *
 * const made = await makeFirmware(model, 'pico', inputs, 'firmware'); // with the kernels that fit
 * ```
 */
export async function makeFirmware(
  model: QuantizedModel,
  kind: FirmwareKindName,
  inputs: Int8Array,
  folder: string,
  options: MakeFirmwareOptions = {},
): Promise<MadeFirmware> {
  const description = firmwareKind(kind);
  if (description.style !== 'bare-metal') {
    const project = firmwareProject(model, kind, inputs, options);
    return { project, written: writeFirmware(project, folder, options) };
  }
  // Refuses half samples and unknown kernels before anything is built.
  firmwareProject(model, kind, inputs, options);
  const choice = await chooseVariant(model, description.part, {
    ...(options.kernels === undefined ? {} : { kernels: options.kernels }),
    facts: firmwareFacts(model, description.part),
  });
  if (!choice.fits) throw doesNotFit(model, kind, choice, options.kernels);
  if (options.serial) {
    const { variants } = findPart(description.part).kernels;
    const names = variants.map(({ name }) => name);
    const smaller = options.kernels === undefined ? names.slice(names.indexOf(choice.variant.name) + 1) : [];
    const tried = [choice.variant.name, ...smaller] as const;
    // Without BNM_SERIAL the project is the self-test, which is to fit as well: nothing tries that here, so that flash is left.
    const own = options.samples === 'all' ? inputs : samplesThatFit(model, inputs, choice, FREE_FLASH);
    return { ...makeSerialFirmware(model, kind, own, folder, options, tried), choice };
  }
  const chosen = { ...options, kernels: choice.variant.name };
  if (options.samples === 'all') {
    const project = firmwareProject(model, kind, inputs, chosen);
    return { project, written: writeFirmware(project, folder, options), choice };
  }
  const project = firmwareProject(model, kind, samplesThatFit(model, inputs, choice, 0), chosen);
  try {
    return { project, written: writeFirmware(project, folder, options), choice };
  } catch (error) {
    if (!(error instanceof ExporterError) || error.code !== 'does-not-fit') throw error;
    // The room for samples is known to some bytes only; that for a blank one is known.
    const smallest = firmwareProject(model, kind, blankSample(model), chosen);
    return { project: smallest, written: writeFirmware(smallest, folder, options), choice };
  }
}

/**
 * The program that answers commands has no samples in flash, but is some hundred bytes larger than the self-test: where it does not fit with the
 * kernels of the self-test, those behind them are tried.
 */
function makeSerialFirmware(
  model: QuantizedModel,
  kind: FirmwareKindName,
  inputs: Int8Array,
  folder: string,
  options: MakeFirmwareOptions,
  tried: readonly string[],
): MadeFirmware {
  let refusal: unknown;
  for (const kernels of tried) {
    const project = firmwareProject(model, kind, inputs, { ...options, kernels });
    try {
      return { project, written: writeFirmware(project, folder, options) };
    } catch (error) {
      if (!(error instanceof ExporterError) || error.code !== 'does-not-fit') throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

/** What rounding up to words and the constants of another checksum may take. */
const SLACK = 16;

function doesNotFit(
  model: QuantizedModel,
  kind: FirmwareKindName,
  { variant, memory }: KernelChoice,
  asked: string | undefined,
): ExporterError {
  const { flash, ram } = memory;
  const flashUsed = flash.code + flash.weights;
  const ramUsed = ram.static + (ram.stack ?? 0);
  const parts = [
    flashUsed > flash.available
      ? `${flashUsed - flash.available} bytes of flash are missing (${flash.code} of code and ${flash.weights} of weights, ${flash.available} there)`
      : undefined,
    ramUsed > ram.available
      ? `${ramUsed - ram.available} bytes of RAM are missing (${ram.static} static and ${ram.stack ?? 'an unknown number'} of stack, ${ram.available} there)`
      : undefined,
  ].filter((part) => part !== undefined);
  const tried =
    asked === undefined ? `with any of its kernels; nearest are ${variant.name}` : `with the kernels ${variant.name}`;
  const advice =
    asked === undefined
      ? 'take a smaller model or a larger part (`bitnetmcu sim MODEL --target all` says which have room)'
      : 'leave the choice of kernels to this program, or take a smaller model';
  return new ExporterError(
    'does-not-fit',
    `${model.name} does not fit ${kind} ${tried}: ${parts.join('; ')}. Advice: ${advice}.`,
  );
}

function blankSample(model: QuantizedModel): Int8Array {
  return new Int8Array(elementCount(model.input.shape));
}

/** Samples for the self-test with these kernels, a blank one where none has room. @param free bytes of flash that even one is to leave */
function samplesThatFit(
  model: QuantizedModel,
  inputs: Int8Array,
  { memory: { flash } }: KernelChoice,
  free: number,
): Int8Array {
  const blank = blankSample(model);
  const room = flash.available - flash.code - flash.weights + sampleBytes(model, blank) - SLACK;
  const taken = fittingSamples(model, inputs, blank.length, room, free);
  return taken.length > 0 ? taken : blank;
}

/** Those samples that pack best, as many as leave flash free and at least one where there is room for it, in their order. */
function fittingSamples(
  model: QuantizedModel,
  inputs: Int8Array,
  features: number,
  room: number,
  free: number,
): Int8Array {
  const sampleOf = (i: number) => inputs.subarray(i * features, (i + 1) * features);
  const bytes = Array.from({ length: inputs.length / features }, (_, i) => sampleBytes(model, sampleOf(i)));
  let used = 0;
  const taken = [...bytes.keys()]
    .sort((a, b) => bytes[a]! - bytes[b]! || a - b)
    .filter((sample, position) => {
      used += bytes[sample]!;
      return used <= (position === 0 ? room - free : room - FREE_FLASH);
    })
    .sort((a, b) => a - b);
  return Int8Array.from(taken.flatMap((sample) => [...sampleOf(sample)]));
}
