// WAV files as training read them: mixed, at its rate, in windows a hop apart.
import type { QuantizedModel } from '@bitnetmcu/models';
import { visibleText, windowOf } from '@bitnetmcu/models/internal';
import { readFileBounded } from '@bitnetmcu/models/internal/node';
import { type DataSpec, wavSamples } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import { hopOf, type InferSample, rawSample } from './sample.js';

const MAX_FILE_BYTES = 256 * 2 ** 20;

/** All windows of a recording; one that is shorter than a window ends in zeros, as in training, and `say` hears of it. @throws CliError `usage`, `bad-file`; TrainerError `invalid-data` for what is no sound WAV file */
export function readSounds(
  model: QuantizedModel,
  path: string,
  data: DataSpec | undefined,
  say: (note: string) => void,
): InferSample[] {
  const { raw, shape, frontEnd } = model.input;
  const shown = visibleText(path);
  const window = frontEnd ? windowOf(frontEnd) : shape.at(-1)!;
  const isSound = frontEnd ? frontEnd.channels === 1 : raw?.kind === 'signal' && shape[0] === 1;
  if (data?.kind !== 'recordings' || data.rate === undefined || raw === undefined || !isSound) {
    throw new CliError(
      'usage',
      `${model.name} was not trained on recordings, or does not say at which rate; ${shown} cannot be brought to it. Give rows of numbers (.csv).`,
    );
  }
  const read = wavSamples(readFileBounded(path, MAX_FILE_BYTES), data.rate, shown);
  const hop = hopOf(model, data.hop, window);
  const samples = read.length < window ? new Int16Array(window) : read;
  if (samples !== read) {
    samples.set(read);
    say(
      `${shown} has ${read.length} values at ${data.rate} a second, fewer than a window of ${window}; it ends in silence (zeros), as short recordings do in training.`,
    );
  }
  const scale = 10 ** -(frontEnd ? 0 : raw.features[0]!.decimals);
  const windows: InferSample[] = [];
  for (let begin = 0; begin + window <= samples.length; begin += hop) {
    const numbers = Float64Array.from(samples.subarray(begin, begin + window), (value) => value * scale);
    windows.push(rawSample(model, `${shown} at ${(begin / data.rate).toFixed(2)} s`, numbers));
  }
  return windows;
}
