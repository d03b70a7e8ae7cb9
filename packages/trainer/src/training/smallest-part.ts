// Which size of a preset fits the smallest part, as far as it is known before training: what recommendations of signals and images go by.
import { summarizeSpec } from '@bitnetmcu/models';
import { elementCount, type PresetName, type RawType } from '@bitnetmcu/models/internal';
import type { Dataset } from '../data/dataset.js';
import { presetForData } from './preset-for-data.js';
import type { SampleKind } from './sample-kind.js';
import type { ReadSamples } from './smaller-samples.js';

type Looked = Pick<Dataset, 'shape' | 'labels' | 'raw' | 'output' | 'frontEnd'> & ReadSamples;

const PART = { name: 'CH32V003', ramBytes: 2048, flashBytes: 16_384 } as const;
/** Stack and small variables of firmware, by its kernels: 240 to 390 bytes were measured of those that take least. */
const PROGRAM_RAM = { least: 240, typical: 350 } as const;
/** Those kernels, start-up code, self-test and serial port: 3 to 4 kB. */
const PROGRAM_FLASH = 4096;
const VALUE_BYTES: Readonly<Record<RawType, number>> = { u8: 1, i16: 2, i32: 4, f32: 4 };

export interface SizeChoice {
  readonly network: PresetName;
  /** What the part decided, to stand behind other reasons; absent where it was not asked. */
  readonly because?: string;
}

/** The size wanted where firmware of it fits; else s where that does, or may; else the size wanted, for a larger part. */
export function sizeThatFits(kind: SampleKind, wanted: 's' | 'm' | 'l', dataset: Looked): SizeChoice {
  const [network, smaller] = [`${kind}-${wanted}`, `${kind}-s`] as const;
  const needs = firmwareNeeds(network, dataset);
  if (fits(needs, PROGRAM_RAM.typical)) return { network, because: `it fits a ${PART.name}` };
  const lacks = `${network} would take ${about(needs)} of a ${PART.name}`;
  if (network === smaller) return { network, because: `${lacks}: it wants a larger part` };
  if (fits(firmwareNeeds(smaller, dataset), PROGRAM_RAM.least)) return { network: smaller, because: lacks };
  return {
    network,
    because: `${lacks}, and ${smaller} does not fit either: it wants a larger part, ${smallerSamples(kind, dataset)}`,
  };
}

/** What would take less. */
function smallerSamples(kind: SampleKind, { frontEnd, shape }: Looked): string {
  if (kind !== 'signal' || frontEnd !== undefined) return 'or smaller samples';
  const features = shape[0] === 1 ? 'mel:16 of sound, rms,crossings,bands:8 of other signals' : 'rms,crossings,bands:8';
  return `smaller samples, or features in their place (--features ${features})`;
}

interface Needs {
  /** Without that of the program. */
  readonly ram: number;
  readonly flash: number;
}

/**
 * Estimated bytes of firmware with a self-test: activations with the int8 input; of raw values a sample of them, and of signals the window
 * that time steps are gathered in.
 */
function firmwareNeeds(preset: PresetName, dataset: Looked): Needs {
  const { shape, raw } = dataset;
  const values = elementCount(shape);
  const { total } = summarizeSpec(presetForData(preset, dataset));
  const window = raw?.kind === 'signal' ? values : 0;
  const sample = raw === undefined ? 0 : VALUE_BYTES[raw.type] * values;
  return { ram: total.ramBytes + window + sample, flash: total.bytes + PROGRAM_FLASH };
}

function fits({ ram, flash }: Needs, programRam: number): boolean {
  return ram + programRam <= PART.ramBytes && flash <= PART.flashBytes;
}

/** What there is too little of: 2.3 of 2 kB of RAM. */
function about({ ram, flash }: Needs): string {
  const part = (used: number, available: number, of: string) =>
    `about ${(used / 1024).toFixed(1)} of the ${available / 1024} kB of ${of}`;
  const isFlash = flash > PART.flashBytes;
  return isFlash ? part(flash, PART.flashBytes, 'flash') : part(ram + PROGRAM_RAM.typical, PART.ramBytes, 'RAM');
}
