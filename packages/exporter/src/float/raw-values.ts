// Graphs that read raw values: rows of tables and signals, whose bytes are int8 + 128 made of them, each column or channel by a line of its own.
// What the graph gets is computed back from the bytes, and stands in front of its first layer as an affine function of columns.
import type { Preprocessing, QuantizedModel, Shape } from '@bitnetmcu/models';
import { elementCount, RAW_SCALE, type RawFeature, type RawInput, recordedOnnx } from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';
import type { FloatAffine, FloatLayer, FloatNetwork } from './float-network.js';
import { foldAffines } from './fold-affine.js';
import { NO_PREPROCESSING } from './preprocessing.js';
import { UnsupportedGraphError } from './unsupported.js';

/** Mean and deviation of each column, or channel of a signal, in its unit. */
export interface StandardizedColumns {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** What a graph reads of raw values. */
export interface RawReading {
  readonly raw: RawInput;
  /** (value − mean)/deviation of each column or channel, instead of the value in its unit. */
  readonly standardized?: StandardizedColumns | undefined;
  /** Of the value, before the graph. */
  readonly preprocessing?: Preprocessing | undefined;
}

interface Line {
  readonly factor: number;
  readonly offset: number;
}

/** What a graph reads of v = int8/32 of each column: factor·v + offset. @throws ExporterError `invalid-option` for logarithms */
function lineOf(feature: RawFeature, at: number, { standardized, preprocessing = NO_PREPROCESSING }: RawReading): Line {
  const { divisor, mean, deviation } = preprocessing;
  const own = valueLine(feature);
  const [centre, spread] = [standardized?.mean[at] ?? 0, standardized?.deviation[at] ?? 1];
  const value = { factor: own.factor / spread, offset: (own.offset - centre) / spread };
  return { factor: value.factor / divisor / deviation, offset: (value.offset / divisor - mean) / deviation };
}

/** The raw value in its unit, in the middle of those that become the int8 32·v. */
function valueLine({ name, curve, low, preShift, multiplier, bias, shift, decimals }: RawFeature): Line {
  if (curve !== 'linear') {
    throw new ExporterError(
      'invalid-option',
      `The column ${name} is taken by its logarithm, and a graph reads values; read the data with curve: 'linear'`,
    );
  }
  const unit = 10 ** -decimals;
  // One value in all samples.
  if (multiplier === 0) return { factor: 0, offset: low * unit };
  // int8 = (t·multiplier + bias) >> shift, where half a step is part of the bias, and t = (raw − low) >> preShift.
  const int8Step = (2 ** (shift + preShift) / multiplier) * unit;
  const offset = (low + (2 ** preShift - 1) / 2) * unit - (bias / 2 ** shift - 0.5) * int8Step;
  return { factor: int8Step * RAW_SCALE, offset };
}

/** One line for each value of a sample. @throws ExporterError `invalid-option` where columns and values do not fit */
function lines(shape: Shape, reading: RawReading): Line[] {
  const { features, kind } = reading.raw;
  const values = elementCount(shape);
  const run = kind === 'table' ? 1 : values / features.length;
  if (features.length * run !== values || !Number.isInteger(run)) {
    throw new ExporterError(
      'invalid-option',
      `The raw input has ${features.length} ${kind === 'table' ? 'columns' : 'channels'}, a sample of the graph ${values} values; one ${kind === 'table' ? 'column a value' : 'channel a signal'} is wanted`,
    );
  }
  const { standardized } = reading;
  for (const numbers of standardized ? [standardized.mean, standardized.deviation] : []) {
    if (numbers.length === features.length && numbers.every(Number.isFinite)) continue;
    throw new ExporterError(
      'invalid-option',
      `The option standardized has ${numbers.length} numbers; a finite one for each of ${features.length} columns is wanted`,
    );
  }
  return features.flatMap((feature, at) => Array<Line>(run).fill(lineOf(feature, at, reading)));
}

/** What the graph that a model was imported from reads of bytes; undefined: the bytes themselves. */
export function rawReadingOf({
  input,
  provenance,
}: Pick<QuantizedModel, 'input' | 'provenance'>): RawReading | undefined {
  const { raw, frontEnd } = input;
  if (raw === undefined || frontEnd !== undefined) return undefined;
  return { raw, standardized: recordedOnnx(provenance)?.standardized };
}

/**
 * Bytes of samples as the values that they stand for, before the preprocessing.
 * @param shape of one sample
 * @throws ExporterError `invalid-option` where they do not fit, or a column is taken by its logarithm
 */
export function rawValues(
  bytes: ArrayLike<number>,
  shape: Shape,
  reading: Omit<RawReading, 'preprocessing'>,
): Float32Array {
  const of = lines(shape, reading);
  return Float32Array.from(bytes, (byte, i) => {
    const { factor, offset } = of[i % of.length]!;
    return (factor * (byte - 128)) / RAW_SCALE + offset;
  });
}

/**
 * The network on v = int8/32 of raw values, with what turns that into the graph's input folded into its first layer.
 * @throws ExporterError `invalid-option` where columns and values do not fit; UnsupportedGraphError where the first layer cannot take it
 */
export function onRawValues(network: FloatNetwork, reading: RawReading): FloatNetwork {
  const { inputShape, inputFactor, inputOffset } = network;
  const channels = inputShape[0];
  const of = lines(inputShape, reading).map(({ factor, offset }) => ({
    factor: factor * inputFactor,
    offset: offset * inputFactor + inputOffset,
  }));
  const run = of.length / channels;
  const same = (i: number) => {
    const first = of[i - (i % run)]!;
    return of[i]!.factor === first.factor && of[i]!.offset === first.offset;
  };
  if (!of.every((_, i) => same(i))) {
    throw new UnsupportedGraphError([
      {
        name: 'input',
        operator: 'input',
        reason: 'each value of a sample has a scale of its own, and the graph reads them as an image',
        nearest:
          'one scale for all values is supported: name their range (--data-range low,high), or the channels (--data-shape)',
      },
    ]);
  }
  const perChannel = of.filter((_, i) => i % run === 0);
  const affine: FloatAffine = {
    op: 'affine',
    name: freeName(network.layers),
    inputs: ['input'],
    shape: inputShape,
    nodes: [],
    factor: Float64Array.from(perChannel, ({ factor }) => factor),
    offset: Float64Array.from(perChannel, ({ offset }) => offset),
  };
  const plain: FloatNetwork = { ...network, inputFactor: 1, inputOffset: 0 };
  if (perChannel.every(({ factor, offset }) => factor === 1 && offset === 0)) return plain;
  const layers = withoutInputQuantization(network.layers).map((layer) => ({
    ...layer,
    inputs: layer.inputs.map((name) => (name === 'input' ? affine.name : name)),
  }));
  return foldAffines({ ...plain, layers: [affine, ...layers] }, 'fixed');
}

/** Static quantization of the whole input: each column has finer steps of its own now. */
function withoutInputQuantization(layers: readonly FloatLayer[]): FloatLayer[] {
  const first = layers.find(({ op, inputs }) => op === 'staticQuantization' && inputs[0] === 'input');
  if (first === undefined) return [...layers];
  return layers
    .filter((layer) => layer !== first)
    .map((layer) => ({ ...layer, inputs: layer.inputs.map((name) => (name === first.name ? 'input' : name)) }));
}

function freeName(layers: readonly FloatLayer[]): string {
  let name = 'values';
  while (layers.some((layer) => layer.name === name)) name += '_';
  return name;
}
