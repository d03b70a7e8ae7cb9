// The keys that ask for features of signals, and what their texts mean: rms, bands:8, highpass:0.1.
import { unknownName } from '@bitnetmcu/quant/internal';
import { z } from 'zod';
import { TrainerError } from '../errors.js';

/** Features of one value a frame. */
const SCALAR_FEATURES = ['mean', 'deviation', 'minimum', 'maximum', 'crossings', 'rms'] as const;
/** Features of a spectrum, with how many values: bands:8. */
const SPECTRAL_FEATURES = ['bands', 'mel'] as const;
const BIQUADS = ['lowpass', 'highpass'] as const;
const MAX_BANDS = 64;
/** Corners that the integers of a biquad can hold, as shares of the sample rate. */
const CORNERS = [0.02, 0.5] as const;

export type FeatureText =
  | { readonly type: (typeof SCALAR_FEATURES)[number] }
  | { readonly type: (typeof SPECTRAL_FEATURES)[number]; readonly count: number };
export type FilterText =
  | { readonly type: 'difference' }
  | { readonly type: (typeof BIQUADS)[number]; readonly corner: number };

const isOneOf = <T extends string>(known: readonly T[], name: string): name is T =>
  (known as readonly string[]).includes(name);

function split(text: string): { name: string; value: string | undefined } {
  const [name, ...rest] = text.trim().split(':');
  return { name: name!, value: rest.length === 0 ? undefined : rest.join(':') };
}

/** @returns the feature, or the sentence that says why it is none */
export function readFeature(text: string): FeatureText | string {
  const { name, value } = split(text);
  if (isOneOf(SCALAR_FEATURES, name)) {
    return value === undefined ? { type: name } : `${name} is one value a frame; "${text}" is not known, write ${name}`;
  }
  if (!isOneOf(SPECTRAL_FEATURES, name)) {
    return unknownName('feature', name, [...SCALAR_FEATURES, ...SPECTRAL_FEATURES.map((one) => `${one}:COUNT`)]);
  }
  const count = Number(value ?? Number.NaN);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_BANDS) return { type: name, count };
  return `"${text}" does not say how many bands: write ${name}:8, with 1 to ${MAX_BANDS}`;
}

/** @returns the filter, or the sentence that says why it is none */
export function readFilter(text: string): FilterText | string {
  const { name, value } = split(text);
  if (name === 'difference') return value === undefined ? { type: name } : 'difference takes no number';
  if (!isOneOf(BIQUADS, name))
    return unknownName('filter', name, ['difference', ...BIQUADS.map((one) => `${one}:CORNER`)]);
  const corner = Number(value ?? Number.NaN);
  if (corner >= CORNERS[0] && corner < CORNERS[1]) return { type: name, corner };
  return `"${text}": the corner is a share of the sample rate, from ${CORNERS[0]} to below ${CORNERS[1]}: write ${name}:0.1`;
}

/** A text that one of the readers takes. */
const readBy = (read: (text: string) => object | string) =>
  z.string().superRefine((text, context) => {
    const found = read(text);
    if (typeof found === 'string') context.addIssue({ code: 'custom', message: found });
  });

export const featureKeys = {
  features: z
    .array(readBy(readFeature))
    .min(1)
    .max(64)
    .optional()
    .describe(
      `what the network reads of each channel of a signal instead of its values, computed in integers on the device too: ${SCALAR_FEATURES.join(', ')}, bands:COUNT (powers of equal parts of the spectrum, logarithmic), mel:COUNT (log-mel, of recordings)`,
    ),
  filters: z
    .array(readBy(readFilter))
    .max(8)
    .optional()
    .describe(
      'before the features, in order: difference, lowpass:CORNER, highpass:CORNER; the corner is a share of the sample rate, 0.02 to 0.5',
    ),
  frame: z
    .int()
    .min(2)
    .max(32_768)
    .optional()
    .describe(
      'values of a channel that features are computed from: 64, 128, 256 or 512 for bands and mel; without it the whole window, of recordings about 32 ms for bands and mel',
    ),
  frameHop: z
    .int()
    .min(1)
    .max(32_768)
    .optional()
    .describe('values from one frame of a window to the next; without it half a frame'),
};

/** What a data spec says about features. */
export interface FeatureKeys {
  readonly features?: readonly string[] | undefined;
  readonly filters?: readonly string[] | undefined;
  readonly frame?: number | undefined;
  readonly frameHop?: number | undefined;
}

/** @throws TrainerError `invalid-argument` where what belongs to features stands alone */
export function requireFeatures(spec: object): void {
  const { features, filters, frame, frameHop }: FeatureKeys = spec;
  if (features !== undefined || (filters ?? frame ?? frameHop) === undefined) return;
  throw new TrainerError(
    'invalid-argument',
    'Filters and frames (keys `filters`, `frame`, `frameHop`) are for features, and none are asked for. Add --features rms,crossings (key `features`), or leave them out.',
  );
}
