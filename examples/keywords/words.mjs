// The spoken words as a data set: log-mel frames in integers, scaled by what the training part shows.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadWasmFrontEnd } from '@bitnetmcu/mcu-runtime/internal';
import { quantizeRaw as quantize } from '@bitnetmcu/models';
import {
  featureNames,
  frontEndShape,
  makeRawFeature,
  melBands,
  RAW_PREPROCESSING,
  windowOf,
} from '@bitnetmcu/models/internal';
import { makeDataset } from '@bitnetmcu/trainer';
import { randomOf } from './random.mjs';
import { WORDS } from './voices.mjs';

const RATE = 8000;

/** 32 ms frames every `hop` values; what is left of a second behind the last one is not read. */
export function logMel({ hop = 160, count = 16, low = 100, high = 3800 } = {}) {
  const frame = 256;
  const frames = Math.floor((RATE - frame) / hop) + 1;
  const features = [melBands({ sampleRate: RATE, points: frame, count, low, high })];
  return { channels: 1, frame, hop, frames, filters: [], features };
}

/** The second turned by up to an eighth, louder or softer, as int16. */
function varied(signal, random) {
  const by = Math.floor((random() - 0.5) * 0.25 * signal.length);
  const gain = 0.4 + random();
  return signal.map((_, i) => {
    const value = Math.round(gain * signal[(i - by + signal.length) % signal.length]);
    return Math.max(-32_768, Math.min(32_767, value));
  });
}

async function readPart(folder, part, frontEnd, copies = 1) {
  const compute = await loadWasmFrontEnd(frontEnd);
  const files = WORDS.flatMap((word, label) =>
    readdirSync(join(folder, part, word))
      .sort()
      .map((name) => ({ path: join(folder, part, word, name), label })),
  );
  const window = windowOf(frontEnd);
  const random = randomOf(7);
  const read = files.map(({ path, label }) => {
    const bytes = readFileSync(path);
    return {
      label,
      signal: new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length)),
    };
  });
  // As they were recorded first, so that held-out samples are among these.
  const all = Array.from({ length: copies }, (_, copy) =>
    read.map(({ label, signal }) => ({ label, signal: copy === 0 ? signal : varied(signal, random) })),
  ).flat();
  const values = all.map(({ signal }) => compute(signal.subarray(0, window)));
  return { values, labels: Uint16Array.from(all, ({ label }) => label) };
}

/** Mean ± 4 deviations of each band over all frames of the training part. */
function learnScaling(frontEnd, values) {
  const { frames } = frontEnd;
  const features = featureNames(frontEnd).map((name, band) => {
    let [sum, squares] = [0, 0];
    for (const sample of values) {
      for (let f = 0; f < frames; f++) {
        const value = sample[band * frames + f];
        sum += value;
        squares += value * value;
      }
    }
    const n = values.length * frames;
    const mean = sum / n;
    const deviation = Math.sqrt(squares / n - mean * mean);
    const [low, high] = [Math.round(mean - 4 * deviation), Math.round(mean + 4 * deviation)];
    return makeRawFeature({ name, decimals: 0, low, high });
  });
  return { kind: 'signal', type: 'i32', features };
}

/** @returns data set, front end and raw input of a folder that speak.mjs made */
export async function loadWords(folder, frontEnd, copies) {
  const train = await readPart(folder, 'train', frontEnd, copies);
  const test = await readPart(folder, 'test', frontEnd);
  const shape = frontEndShape(frontEnd);
  const raw = learnScaling(frontEnd, train.values);
  const samples = ({ values, labels }) => {
    const size = values[0].length;
    const bytes = new Uint8Array(values.length * size);
    for (const [i, sample] of values.entries()) {
      bytes.set(
        quantize(raw, shape, sample).map((x) => x + 128),
        i * size,
      );
    }
    return { count: values.length, bytes, labels };
  };
  const dataset = makeDataset({
    name: 'keywords',
    shape,
    labels: WORDS,
    train: samples(train),
    test: samples(test),
    raw,
    frontEnd,
  });
  return { dataset, input: { shape, preprocessing: RAW_PREPROCESSING, raw, frontEnd } };
}
