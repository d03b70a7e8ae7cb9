// From the features that a data spec names to the front end of integers that computes them.
import {
  designBiquad,
  type FrontEnd,
  featureNames,
  MAX_BAND_WEIGHT,
  MAX_LABEL_LENGTH,
  melBands,
} from '@bitnetmcu/models/internal';
import { TrainerError } from '../../errors.js';
import { type FeatureKeys, type FeatureText, type FilterText, readFeature, readFilter } from '../features-spec.js';
import type { FeatureName } from './raw-features.js';

/** The signals that features are taken of. */
export interface SignalForm {
  readonly channels: number;
  /** Time steps of a sample. */
  readonly window: number;
  /** Values a second, where it is known. */
  readonly rate?: number | undefined;
  /** Of the channels. */
  readonly names: readonly FeatureName[];
  /** Of each channel: the int16 is the value · 10^decimals. */
  readonly decimals: readonly number[];
  /** What messages call the data. */
  readonly source: string;
}

type Spectral = Extract<FeatureText, { readonly count: number }>;

/** Sizes of a spectrum. */
const POINTS = [64, 128, 256, 512];
/** Of recordings, a frame for spectra, in seconds: as short as what is heard stays the same. */
const FRAME_SECONDS = 0.032;

/** @throws TrainerError `invalid-data` where the frame does not suit the window or the features */
export function designFrontEnd(keys: FeatureKeys, form: SignalForm): FrontEnd {
  const { channels, window, names, decimals, source } = form;
  const features = (keys.features ?? []).map((text) => understood(readFeature(text)));
  const filters = (keys.filters ?? []).map((text) => understood(readFilter(text)));
  const spectral = features.filter((one): one is Spectral => 'count' in one);
  const frame = keys.frame ?? defaultFrame(spectral.length > 0, form);
  if (frame > window) {
    throw new TrainerError(
      'invalid-data',
      `${source}: a frame of ${frame} values (key \`frame\`) is longer than a window, which has ${window}. Take a shorter frame, or a longer window.`,
    );
  }
  for (const one of spectral) requireSpectrum(one, frame, form);
  const hop = keys.frameHop ?? Math.max(1, frame >> 1);
  const frames = Math.floor((window - frame) / hop) + 1;
  return {
    channels,
    frame,
    hop: frames === 1 ? frame : hop,
    frames,
    ...(decimals.some((one) => one !== 0) && { decimals: [...decimals] }),
    names: names.map(({ name, unit }, i) => ({
      name: name || `channel ${i}`,
      ...(unit && { unit: unit.slice(0, MAX_LABEL_LENGTH) }),
    })),
    filters: filters.map(filterOf),
    features: features.map((one) => featureOf(one, frame, form.rate)),
  };
}

/** Texts were checked as the spec was read; this is for callers that did not. */
function understood<T extends object>(found: T | string): T {
  if (typeof found === 'string') throw new TrainerError('invalid-argument', `${found}.`);
  return found;
}

function defaultFrame(isSpectral: boolean, { window, rate }: SignalForm): number {
  if (!isSpectral || rate === undefined || POINTS.includes(window)) return window;
  const near = 2 ** Math.round(Math.log2(FRAME_SECONDS * rate));
  return Math.min(512, Math.max(64, near));
}

function requireSpectrum({ type, count }: Spectral, frame: number, { rate, source }: SignalForm): void {
  if (!POINTS.includes(frame)) {
    const shorter = POINTS.findLast((points) => points < frame);
    throw new TrainerError(
      'invalid-data',
      `${source}: ${type}:${count} needs the spectrum of ${POINTS.join(', ')} values, and a frame has ${frame}. ${
        shorter === undefined
          ? 'Take a longer window, or leave the feature out.'
          : `Cut frames of ${shorter} out of the window with --data-frame ${shorter} (key \`frame\`), or take a window of ${shorter}.`
      }`,
    );
  }
  if (type === 'bands' && count > frame / 2 - 1) {
    throw new TrainerError(
      'invalid-data',
      `${source}: a spectrum of ${frame} values has ${frame / 2 - 1} bins for bands:${count}. Take fewer bands.`,
    );
  }
  if (type === 'mel' && rate === undefined) {
    throw new TrainerError(
      'invalid-data',
      `${source}: mel:${count} needs to know how many values a second has, which only recordings (WAV) say. Take bands:${count}.`,
    );
  }
}

function filterOf(filter: FilterText): FrontEnd['filters'][number] {
  return filter.type === 'difference' ? filter : designBiquad(filter.type, filter.corner, 1);
}

function featureOf(feature: FeatureText, points: number, rate: number | undefined): FrontEnd['features'][number] {
  if (!('count' in feature)) return feature;
  const { type, count } = feature;
  if (type === 'mel') {
    const sampleRate = rate!;
    return melBands({ sampleRate, points, count, low: sampleRate / 80, high: 0.475 * sampleRate });
  }
  // Bin 0 is the mean.
  const edge = (i: number) => 1 + Math.round((i * (points / 2 - 1)) / count);
  const bands = Array.from({ length: count }, (_, i) => {
    const [first, next] = [edge(i), edge(i + 1)];
    const hertz = (bin: number) => Math.round((bin * (rate ?? 0)) / points);
    const name = rate ? `${hertz(first)}-${hertz(next)} Hz` : `bins ${first}-${next - 1} of ${points}`;
    return { name, first, weights: Array<number>(next - first).fill(MAX_BAND_WEIGHT) };
  });
  return { type: 'bands', bands };
}

/** What the values that the network reads are called. @param channels their names */
export function namesOfFeatures(frontEnd: FrontEnd, channels: readonly FeatureName[]): FeatureName[] {
  const names = featureNames(frontEnd);
  return channels.flatMap((channel) =>
    names.map((name) => ({
      name: (channels.length === 1 ? name : `${channel.name} ${name}`).slice(0, MAX_LABEL_LENGTH),
    })),
  );
}
