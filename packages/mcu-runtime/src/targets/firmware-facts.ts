// What the smallest firmware of a model takes of a part, measured on the linked program: the one definition of flash, static RAM and
// stack. Those of the zoo's models are recorded; with a cross compiler any model's can be measured.
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { getLayout } from '../layout/layouts.js';
import { planBuffers } from '../lowering/buffer-plan.js';
import { writeImage } from '../lowering/image.js';
import { lowerModel } from '../lowering/lower-model.js';
import type { KernelVariant } from './kernel-variants.js';
import { RECORDED_BY, RECORDED_FACTS } from './prebuilt/firmware-facts.js';
import type { SimulationTargetName } from './simulation-targets.js';

/**
 * Of `bitnetmcu firmware` with a self-test of one blank sample: start-up code and vectors, clock and serial port, self-test, kernels,
 * model. Bytes.
 */
export interface FirmwareFacts {
  /** The contents of flash: code, constants, initial values. */
  readonly flash: number;
  /** Data, zeroed data, and what runs from RAM. */
  readonly staticRam: number;
  /** Deepest extent of the stack of a run from reset, with any of `probeInputs`; `undefined` where the program could not run. */
  readonly stack: number | undefined;
  /** Cycles of one inference of `probeInput`; `undefined` where the program could not run. */
  readonly cycles: number | undefined;
}

/** Facts of a variant, or undefined where they are not known. */
export type FactsSource = (variant: KernelVariant) => Promise<FirmwareFacts | undefined>;

/** The sample that cycles of firmware and of prebuilt kernels are compared with: a background, and something before it in the middle. */
export function probeInput(model: QuantizedModel): Int8Array {
  const length = elementCount(model.input.shape);
  let state = 1;
  return Int8Array.from({ length }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const isMiddle = i >= length / 4 && i < (3 * length) / 4;
    return isMiddle && state >>> 31 === 1 ? (state >>> 23) % 128 : -13;
  });
}

/** Samples of which at least one takes the deepest stack: the probe, its opposite, and samples without a background. */
export function probeInputs(model: QuantizedModel): readonly Int8Array[] {
  const probe = probeInput(model);
  const background = probe[0]!;
  return [
    probe,
    probe.map((value) => (value === background ? 13 : -value)),
    probe.map((_, i) => (i % 2 === 0 ? 127 : -128)),
    probe.map((_, i) => 127 - (i % 50)),
    probe.map((_, i) => (i % 7) - 64),
  ];
}

/** Bytes by which a model in the layout of a variant is told from every other: weights and steps, not names. */
export function modelKey(model: QuantizedModel, { layout }: KernelVariant): string {
  const program = lowerModel(model, getLayout(layout), { everyTensor: false });
  const image = writeImage(program, planBuffers(program, 4), elementCount(model.input.shape));
  // FNV-1a in two lanes.
  let [low, high] = [0x811c_9dc5, 0x1234_5678];
  for (const byte of image) {
    low = Math.imul(low ^ byte, 0x0100_0193);
    high = Math.imul(high ^ byte, 0x0100_0193) ^ (low >>> 15);
  }
  return `${image.length}-${(low >>> 0).toString(16)}${(high >>> 0).toString(16)}`;
}

/** First line of `gcc --version` of the compilers that recorded facts are of, by the prefix of the toolchain. */
export const RECORDED_COMPILERS: Readonly<Record<string, string>> = RECORDED_BY;

type RecordedFacts = Readonly<Record<string, readonly (number | null)[]>>;
let records: Readonly<Record<string, RecordedFacts>> | undefined;

/** What is recorded of the zoo's models (`npm run firmware:facts`), of the compilers named there. */
export function recordedFacts(target: SimulationTargetName, model: QuantizedModel): FactsSource {
  records ??= JSON.parse(RECORDED_FACTS) as Readonly<Record<string, RecordedFacts>>;
  // The key tells networks apart: the firmware of one with raw values has more than the recorded one.
  const known = model.input.raw === undefined ? (records[target] ?? {}) : {};
  return async (variant) => {
    const found = known[`${variant.name} ${modelKey(model, variant)}`];
    if (found === undefined) return undefined;
    const [flash, staticRam, stack, cycles] = found;
    return { flash: flash!, staticRam: staticRam!, stack: stack ?? undefined, cycles: cycles ?? undefined };
  };
}
