// The reference of the front end: from int16 signals to integers that input.raw scales. C and WebAssembly give the same bits.
import { ModelError } from '../errors.js';
import { featureOf } from './features/index.js';
import { applyFilter } from './filters/index.js';
import { copyFrame, type FrontEnd, featureNames, windowOf } from './front-end.js';

/**
 * The values of one frame, channel after channel, in the order of the features.
 * @param x channels · frame values, channel-major
 */
export function computeFrame(frontEnd: FrontEnd, x: Int16Array): Int32Array {
  const { channels, frame, filters, features } = frontEnd;
  const values: number[] = [];
  for (let c = 0; c < channels; c++) {
    const raw = x.subarray(c * frame, (c + 1) * frame);
    const filtered = filters.reduce((signal, filter) => applyFilter(filter, signal), raw);
    for (const feature of features) values.push(...Array.from(featureOf(feature).compute(feature, filtered)));
  }
  return Int32Array.from(values);
}

/**
 * The integers of signals: what `quantizeRaw` then takes to int8, in the order of the network's input.
 * @param signals samples one after another, each channels · window values, channel-major, int16
 * @throws ModelError `invalid-input` where the length is not a multiple of the sample's.
 */
export function computeFrontEnd(frontEnd: FrontEnd, signals: Int16Array): Int32Array {
  const { channels, frame, frames } = frontEnd;
  const window = windowOf(frontEnd);
  const size = channels * window;
  if (signals.length % size !== 0) {
    throw new ModelError(
      'invalid-input',
      `${signals.length} values found, ${size} for each sample wanted: ${channels} channels of ${window}.`,
    );
  }
  const rows = channels * featureNames(frontEnd).length;
  const result = new Int32Array((signals.length / size) * rows * frames);
  const x = new Int16Array(channels * frame);
  for (let sample = 0; sample * size < signals.length; sample++) {
    const signal = signals.subarray(sample * size, (sample + 1) * size);
    for (let f = 0; f < frames; f++) {
      copyFrame(frontEnd, signal, f, x);
      computeFrame(frontEnd, x).forEach((value, row) => {
        result[(sample * rows + row) * frames + f] = value;
      });
    }
  }
  return result;
}
