// From statistics of the training part to what a raw sample is: type, decimals, range and curve of each feature.
import {
  log2Fixed,
  MAX_LABEL_LENGTH,
  makeRawFeature,
  RAW_SCALE,
  RAW_TYPE_RANGES,
  type RawFeature,
  type RawInput,
  type RawType,
} from '@bitnetmcu/models/internal';
import { TrainerError } from '../../errors.js';
import { runInSlices, type Steps } from '../slices.js';
import { logCurve } from './feature-curve.js';
import type { FeatureStatistics } from './feature-statistics.js';
import { leastErrorStep } from './least-error-step.js';

/** Raw steps that one int8 step has where decimals allow it, and at least where a smaller type is worth it. */
const FINE_STEPS = 8;
const COARSE_STEPS = 2;
const MAX_DECIMALS = 9;

export interface RawChoice {
  readonly kind: RawInput['kind'];
  /** C type of the values; found out where absent. */
  readonly type?: RawType | undefined;
  /** Whether the file itself has bytes. */
  readonly areBytes: boolean;
  /** Whether the values are integers of the type already, so that no others can be larger: those of a converter. */
  readonly areTyped?: boolean | undefined;
  /** Whether another value than that of a constant feature shall tell: of what is normal, that is what is not. */
  readonly tellsConstants?: boolean | undefined;
  /** `linear`: no column is taken by its logarithm. */
  readonly curve?: 'auto' | 'linear' | undefined;
  readonly source: string;
}

/** Names of features, and of units where the names say them: "length (cm)", "temp [°C]". */
export interface FeatureName {
  readonly name: string;
  readonly unit?: string;
}

export function featureName(name: string): FeatureName {
  const unit = /[([]([^()[\]]{1,20})[)\]]$/.exec(name.trim())?.[1]?.trim();
  return { name: name.trim().slice(0, MAX_LABEL_LENGTH), ...(unit && { unit }) };
}

/**
 * 32 steps are one deviation, and 0 is the mean: what lies more than 4 deviations from it is clamped. A skewed column without negative values
 * is taken by its logarithm. `linear`: none is, and the steps are those of the least squared error.
 * @throws TrainerError `invalid-data` for values that the type cannot hold.
 */
export async function rawInputOf(
  statistics: readonly FeatureStatistics[],
  names: readonly FeatureName[],
  choice: RawChoice,
): Promise<RawInput> {
  const type = choice.type ?? smallestType(statistics, choice);
  const features = await runInSlices(rawFeatures(statistics, names, type, choice));
  return { kind: choice.kind, type, features };
}

function* rawFeatures(
  statistics: readonly FeatureStatistics[],
  names: readonly FeatureName[],
  type: RawType,
  choice: RawChoice,
): Steps<RawFeature[]> {
  const features: RawFeature[] = [];
  for (const [i, one] of statistics.entries()) {
    features.push(rawFeature(one, names[i]!, type, choice));
    yield;
  }
  return features;
}

/** Bytes where the file has them, 16-bit integers where they hold twice what was seen, else 32-bit. */
function smallestType(statistics: readonly FeatureStatistics[], { areBytes }: RawChoice): RawType {
  if (areBytes) return 'u8';
  return statistics.every((one) => decimalsWithin(one, 'i16', COARSE_STEPS) !== undefined) ? 'i16' : 'i32';
}

/** Largest raw integer that training values may become: half of the type's, so that others have room. */
function limitOf(type: RawType, areTyped = false): number {
  const [, most] = RAW_TYPE_RANGES[type];
  return type === 'u8' ? most : areTyped ? most + 1 : (most + 1) / 2;
}

/** Decimals that give one int8 step so many raw steps, or all that the values have; undefined where the type cannot hold that. */
function decimalsWithin(one: FeatureStatistics, type: RawType, steps: number, areTyped = false): number | undefined {
  const most = Math.max(Math.abs(one.smallest), Math.abs(one.largest), 0);
  const least = Math.min(one.decimals, decimalsFor(one.deviation, steps));
  const wanted = Math.min(one.decimals, decimalsFor(one.deviation, FINE_STEPS));
  for (let decimals = Math.max(wanted, least); decimals >= least; decimals--) {
    if (most * 10 ** decimals <= limitOf(type, areTyped)) return decimals;
  }
  return undefined;
}

/** The fewest decimals with which 1/32 of a deviation has so many raw steps. */
function decimalsFor(deviation: number, steps: number): number {
  if (!(deviation > 0)) return MAX_DECIMALS;
  return Math.min(MAX_DECIMALS, Math.max(0, Math.ceil(Math.log10((RAW_SCALE * steps) / deviation))));
}

function rawFeature(one: FeatureStatistics, name: FeatureName, type: RawType, choice: RawChoice): RawFeature {
  const { kind, source } = choice;
  const decimals = type === 'u8' ? wholeBytes(one, name, source) : fittingDecimals(one, name, type, choice);
  const scale = 10 ** decimals;
  const base = { ...name, decimals };
  if (one.deviation === 0 && !choice.tellsConstants) {
    const low = Math.min(Math.round(one.mean * scale), RAW_TYPE_RANGES[type][1] - 1);
    return makeRawFeature({ ...base, low, high: low + 1, ends: [0, 0] });
  }
  // Of a constant, a step of its last decimal stands for a deviation.
  const deviation = one.deviation === 0 ? 1 / scale : one.deviation;
  const curve = kind === 'table' && choice.curve !== 'linear' && one.deviation > 0 ? logCurve(one, scale) : undefined;
  if (curve) return makeLogFeature(curve, base, type);
  // Raw values of −128 and 127, or inside of the type's range.
  const [least, most] = RAW_TYPE_RANGES[type];
  const even = deviation / RAW_SCALE;
  const step = choice.curve === 'linear' && one.deviation > 0 ? leastErrorStep(one, even) : even;
  const at = (int8: number) => (one.mean + int8 * step) * scale;
  const low = Math.max(least, Math.min(Math.ceil(at(-128)), most - 1));
  const high = Math.min(most, Math.max(Math.floor(at(127)), low + 1));
  const int8Of = (raw: number) => clampInt8((raw / scale - one.mean) / step);
  return makeRawFeature({ ...base, low, high, ends: [int8Of(low), int8Of(high)] });
}

function makeLogFeature(
  { low, mean, deviation }: { low: number; mean: number; deviation: number },
  base: FeatureName & { readonly decimals: number },
  type: RawType,
): RawFeature {
  const step = Math.min(RAW_SCALE / deviation, 128 / mean);
  const reach = Math.floor(2 ** Math.min(31, (mean + 127 / step) / 256));
  const high = Math.min(RAW_TYPE_RANGES[type][1], low + Math.max(1, reach - 1));
  const int8Of = (raw: number) => clampInt8(step * (log2Fixed(raw - low + 1) - mean));
  return makeRawFeature({ ...base, low, high, curve: 'log2', ends: [int8Of(low), int8Of(high)] });
}

const clampInt8 = (value: number): number => Math.min(127, Math.max(-128, value));

function wholeBytes({ smallest, largest, decimals }: FeatureStatistics, { name }: FeatureName, source: string): number {
  if (smallest >= 0 && largest <= 255 && decimals === 0) return 0;
  throw new TrainerError(
    'invalid-data',
    `${source}: ${name} has values from ${smallest} to ${largest}${decimals > 0 ? ' with decimals' : ''}, and --data-raw-type u8 (key \`rawType\`) holds whole numbers from 0 to 255. Take i16 or i32.`,
  );
}

function fittingDecimals(
  one: FeatureStatistics,
  { name }: FeatureName,
  type: RawType,
  { source, areTyped }: RawChoice,
): number {
  for (const steps of [FINE_STEPS, COARSE_STEPS, 1]) {
    const decimals = decimalsWithin(one, type, steps, areTyped);
    if (decimals !== undefined) return decimals;
  }
  const tooLarge = Math.max(Math.abs(one.smallest), Math.abs(one.largest)) > limitOf(type);
  throw new TrainerError(
    'invalid-data',
    `${source}: ${name} has values from ${one.smallest} to ${one.largest} with a deviation of ${Number(one.deviation.toPrecision(3))}, which ${type} integers (--data-raw-type, key \`rawType\`) cannot hold ${tooLarge ? '' : 'finely enough '}with room for others. ${type === 'i16' || type === 'u8' ? 'Take i32, or give' : 'Give'} the column in another unit, or as a difference.`,
  );
}
