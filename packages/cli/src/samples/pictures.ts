// Pictures as a model's training read them: the same channels, orientation, ground and sizes. Digits are cut out only where that is asked for.
import { type QuantizedModel, quantizeInput, type Shape } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import { readFileBounded } from '@bitnetmcu/models/internal/node';
import { fitInput, fitSamples } from '@bitnetmcu/trainer';
import { type DataSpec, decodeImage, resizeImages } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import { fitDigit, inkOnBlack } from '../images/digit-fit.js';
import { readImage } from '../images/read-image.js';
import { pictureOf } from '../render/picture.js';
import type { InferSample } from './sample.js';

export const FITS = ['digit', 'stretch'] as const;
export type Fit = (typeof FITS)[number];

const MAX_FILE_BYTES = 64 * 2 ** 20;
const PAPER = 255;

/** Data sets of digits in white ink on black: pictures of them are cut out and centred unless told otherwise. */
export function defaultFit(data: DataSpec | undefined): Fit {
  return data?.kind === 'mnist' || data?.kind === 'emnist' ? 'digit' : 'stretch';
}

interface PictureReading {
  /** [channels, height, width] that a picture is brought to before the network's own resizing; height 0: its own size. */
  readonly channels: 1 | 3;
  readonly size: readonly [height: number, width: number] | undefined;
  readonly background: number | 'ignore';
}

/** How the training read its pictures. @throws CliError `usage` where the model reads none */
function pictureReading({ name, input: { shape, raw } }: QuantizedModel, data: DataSpec | undefined): PictureReading {
  const isImage = raw === undefined && (shape.length === 3 ? shape[1] > 1 : Number.isInteger(Math.sqrt(shape[0])));
  const folder = data?.kind === 'folder' ? (data as { channels?: unknown; size?: unknown; background?: unknown }) : {};
  const channels = folder.channels === 3 || (shape.length === 3 && shape[0] === 3) ? 3 : 1;
  if (!isImage && folder.channels === undefined) {
    throw new CliError(
      'usage',
      `The input of ${name} is ${shape.join('×')} values, no picture; give rows of numbers (.csv) or the number of a test sample.`,
    );
  }
  const size = Array.isArray(folder.size) ? ([Number(folder.size[0]), Number(folder.size[1])] as const) : undefined;
  const background =
    typeof folder.background === 'number' || folder.background === 'ignore' ? folder.background : PAPER;
  return { channels, size, background };
}

/** A picture file as a sample. @throws CliError `usage`, ModelError `file-error`, TrainerError `invalid-data` */
export function readPicture(model: QuantizedModel, path: string, fit: Fit, data: DataSpec | undefined): InferSample {
  const values = fit === 'digit' ? digitValues(model, path) : trainingValues(model, path, pictureReading(model, data));
  return { title: path, values, input: quantizeInput(model, values), clamped: [], isPicture: true };
}

function trainingValues(model: QuantizedModel, path: string, reading: PictureReading): Uint8Array {
  const { channels, size, background } = reading;
  const ground = background === 'ignore' ? undefined : background;
  const image = decodeImage(readFileBounded(path, MAX_FILE_BYTES), channels, visibleText(path), ground);
  const { height, width } = image;
  const [rows, columns] = size ?? [height, width];
  const bytes = resizeImages(image.bytes, [height, width], [rows, columns]);
  const shape: Shape = [channels, rows, columns];
  return fitSamples({ count: 1, bytes, labels: Uint16Array.of(0) }, fitInput(shape, model.input.shape)).bytes;
}

/** As MNIST was made. @throws CliError `usage` for a model of other pictures */
function digitValues(model: QuantizedModel, path: string): Uint8Array {
  const { shape } = model.input;
  const target = pictureOf(shape, new Uint8Array(shape.reduce((product, size) => product * size, 1)));
  if (target === undefined || (shape.length === 3 && shape[0] !== 1)) {
    throw new CliError(
      'usage',
      `--fit digit: the input of ${model.name} is ${shape.join('×')} values, no grey picture of a digit.`,
    );
  }
  const picture = readImage(path);
  const isSample =
    (picture.width === target.width && picture.height === target.height) ||
    (picture.width === 28 && picture.height === 28);
  const ready = isSample ? inkOnBlack(picture) : fitDigit(picture, resizeImages);
  return ready.width === target.width && ready.height === target.height
    ? ready.pixels
    : resizeImages(ready.pixels, [ready.height, ready.width], [target.height, target.width]);
}
