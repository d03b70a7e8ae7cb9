// How samples with more values than a network for anomalies can give back are made smaller: flags that work for data of that kind, where there are some.
import { MAX_CHANNELS, windowOf } from '@bitnetmcu/models/internal';
import type { DataSpec } from '../data/data-spec.js';
import type { Dataset } from '../data/dataset.js';

/** A data set, and where it is known how it was read. */
export type ReadSamples = Pick<Dataset, 'shape' | 'frontEnd'> & { readonly spec?: DataSpec };

/** Spectra that are proposed, those that keep most of a signal first. */
const SPECTRA = [16, 4].flatMap((bands) => [256, 512, 64].map((frame) => ({ bands, frame })));
/** Values of a window that is proposed, of all channels together, and of one channel at least. */
const WINDOW = { most: 256, least: 8 } as const;
/** Where no flag does. */
const FEWER = 'Give samples of fewer columns or channels.';

/**
 * A sentence with the remedy.
 * @param most values that are possible
 * @param smallImage values of an image as linear layers read it
 */
export function smallerSamples(samples: ReadSamples, most: number, smallImage: number): string {
  const { shape, frontEnd, spec } = samples;
  if (frontEnd === undefined && shape.length === 1) {
    return spec?.kind === 'csv' || spec?.kind === 'csv-folder'
      ? 'Learn from fewer columns, with --columns A,B.'
      : FEWER;
  }
  if (frontEnd === undefined && shape[1] !== 1) {
    return smallImage <= most ? 'Linear layers read the image made smaller: take --preset table-s.' : FEWER;
  }
  const flags = [...spectrumFlags(samples, most), ...windowFlags(samples)];
  return flags.length === 0 ? FEWER : `Make samples smaller, with ${flags.join(' or ')}.`;
}

/** What is cut out of signals, whatever features are taken of it. */
function signalOf({ shape, frontEnd }: ReadSamples): { channels: number; window: number } {
  return frontEnd
    ? { channels: frontEnd.channels, window: windowOf(frontEnd) }
    : { channels: shape[0]!, window: shape.at(-1)! };
}

function spectrumFlags(samples: ReadSamples, most: number): string[] {
  const { channels, window } = signalOf(samples);
  const asked = samples.spec !== undefined && 'frameHop' in samples.spec ? samples.spec.frameHop : undefined;
  const found = SPECTRA.find(({ bands, frame }) => {
    const frames = Math.floor((window - frame) / (asked ?? frame / 2)) + 1;
    return channels <= MAX_CHANNELS && frame <= window && channels * bands * frames <= most;
  });
  return found === undefined ? [] : [`--features bands:${found.bands} --frame ${found.frame}`];
}

/** Of data that are cut into windows: a shorter one. What features there are may want the window that they have. */
function windowFlags(samples: ReadSamples): string[] {
  const { frontEnd, spec } = samples;
  const isCut =
    spec?.kind === 'recordings' || ((spec?.kind === 'csv' || spec?.kind === 'csv-folder') && Number(spec.window) > 1);
  const { channels, window } = signalOf(samples);
  const shorter = 2 ** Math.floor(Math.log2(WINDOW.most / channels));
  return isCut && frontEnd === undefined && shorter >= WINDOW.least && shorter < window ? [`--window ${shorter}`] : [];
}
