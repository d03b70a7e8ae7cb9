// Weights and bias of one layer as integers: codes that come nearest to the float layer where it is observed, on steps that int32 has room for.
import { elementCount } from '@bitnetmcu/models';
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import { ExporterError } from '../../errors.js';
import { type FloatWeighted, outputsOf, weightsPerOutput } from '../../float/float-network.js';
import { forwardLayer } from '../../float/forward-layer.js';
import { keptGrid, type LayerCodes } from '../../float/layer-codes.js';
import { activationsOf, type CalibratedNetwork, needsCalibration } from './calibrated-network.js';
import { errorSpread } from './compensated-rounding.js';
import { secondMoments } from './input-patches.js';
import type { IntegerTensor } from './integer-tensor.js';
import type { Observation } from './observation.js';
import { bestShift } from './requantization-shift.js';
import { codesWithStep, type RowStatistics } from './row-codes.js';
import { exactExponent, quantizationError } from './scales.js';

/** Steps tried within one power of two. */
const MANTISSAS = 8;
/** Samples on which steps are tried. */
const SEARCH_SAMPLES = 64;
const MAX_PATCHES = 20_000;
/** Error compensation inverts a matrix of this many columns at most. */
const MAX_COLUMNS = 1200;
/** A bit of int32 stays for the sums. */
const LARGEST_BIAS = 2 ** 30;

export interface LayerIntegers {
  readonly codes: LayerCodes;
  readonly bias: Int32Array;
  /** What the integer 1 of the accumulators stands for. */
  readonly scale: number;
  /** No accumulator is larger, whatever the sample. */
  readonly bound: number;
  /** Accumulators of the calibration samples. */
  readonly values: Float64Array;
  /** What became of the layer besides rounding, for the user. */
  readonly warnings: readonly string[];
}

/** What the place of a layer asks of its accumulators. */
export interface AccumulatorNeeds {
  readonly observation: Observation;
  /** The scale, up to a power of two, that they need to be added to what is there already. */
  readonly addedTo: number | undefined;
  /** How many bits coarser than best they are, because sums would leave int32 else. */
  readonly coarser: number;
}

/**
 * @param input the int8 tensor that the layer reads.
 * @throws ExporterError `onnx-calibration` where samples are needed, `accumulator-overflow` where kept codes leave no room.
 */
export function layerIntegers(
  calibrated: CalibratedNetwork,
  layer: FloatWeighted,
  input: IntegerTensor,
  needs: AccumulatorNeeds,
): LayerIntegers {
  let { coarser } = needs;
  for (;;) {
    const warnings: string[] = [];
    const codes = chooseCodes(calibrated, layer, input, { ...needs, coarser }, warnings);
    const integers = integerWeights(layer, codes);
    const scale = (input.scale * codes.step) / getFormat(codes.format).integerScale;
    const sums =
      calibrated.count > 0
        ? forwardLayer(layer, [input.values], calibrated.count, { weight: integers, bias: undefined })
        : new Float64Array(0);
    const bias = biasSteps(calibrated, layer, sums, scale);
    const largest = bias.reduce((most, b) => Math.max(most, Math.abs(b)), 0);
    if (!Number.isFinite(largest)) throw unusableBias(layer, largest);
    const excess = Math.ceil(Math.log2(largest / LARGEST_BIAS));
    if (excess > 0) {
      coarser += excess;
      continue;
    }
    const positions = elementCount(layer.shape) / outputsOf(layer);
    const values = sums.map((sum, i) => sum + bias[Math.floor(i / positions) % bias.length]!);
    if (coarser > 0) {
      warnings.push(
        `its sums would leave int32: steps 2^${coarser} times coarser, which small weights may not survive`,
      );
    }
    const bound = largestSum(integers, bias, input.bound);
    return { codes, bias: Int32Array.from(bias), scale, bound, values, warnings };
  }
}

function chooseCodes(
  calibrated: CalibratedNetwork,
  layer: FloatWeighted,
  input: IntegerTensor,
  { observation, addedTo, coarser }: AccumulatorNeeds,
  warnings: string[],
): LayerCodes {
  const { options, activations } = calibrated;
  const { quantizer, mixed = {} } = options;
  const grid = keptGrid(layer, options);
  if (grid) {
    const scale = (input.scale * grid.step) / getFormat(grid.format).integerScale;
    // Maps can be multiplied to fit an addition, vectors cannot.
    const fits = addedTo === undefined || layer.shape.length === 3 || exactExponent(scale / addedTo) !== undefined;
    if (fits && coarser === 0) return grid;
    if (coarser > 0 && !activations) throw noRoom(layer);
    warnings.push(
      coarser > 0
        ? 'its low-bit grid is too fine for its sums or biases; requantized'
        : 'its low-bit grid does not fit the scale of the addition behind it; requantized',
    );
  }
  const format: FormatName = mixed[layer.name] ?? quantizer ?? grid?.format ?? '8bit';
  if (!activations) throw needsCalibration(`the weights of layer ${layer.name} lie on no low-bit grid`);
  const statistics = rowStatistics(calibrated, layer, input);
  const { integerScale } = getFormat(format);
  const steps =
    addedTo !== undefined
      ? [(addedTo * integerScale) / input.scale]
      : Array.from({ length: MANTISSAS }, (_, k) => (2 ** (k / MANTISSAS) * integerScale) / input.scale);
  const candidates = steps.map((step) => codesWithStep(layer, format, step, statistics, coarser));
  if (candidates.length === 1) return candidates[0]!;
  const errors = candidates.map((codes) => errorOf(calibrated, layer, input, codes, observation));
  return candidates[errors.indexOf(Math.min(...errors))]!;
}

function noRoom({ name }: FloatWeighted): ExporterError {
  return new ExporterError(
    'accumulator-overflow',
    `the low-bit weights of layer ${name} make sums or biases beyond int32; give calibration samples, so that it can be requantized, or train with fewer inputs or smaller biases`,
    { layer: name },
  );
}

function unusableBias({ name }: FloatWeighted, steps: number): ExporterError {
  return new ExporterError(
    'onnx-calibration',
    `a bias of layer ${name} is ${steps} steps of its sums; a finite number is wanted: the weights are damaged`,
    { layer: name },
  );
}

function rowStatistics(
  { options, count }: CalibratedNetwork,
  layer: FloatWeighted,
  input: IntegerTensor,
): RowStatistics {
  const columns = weightsPerOutput(layer);
  if (columns > MAX_COLUMNS) return { importance: undefined, spread: undefined };
  const groups = layer.op === 'conv2d' ? layer.groups : 1;
  const moments = Array.from({ length: groups }, (_, g) => secondMoments(layer, input.values, count, g, MAX_PATCHES));
  return {
    importance: moments.map((m) => Float64Array.from({ length: columns }, (_, i) => m[i * columns + i]!)),
    spread: options.rounding === 'nearest' ? undefined : moments.map((m) => errorSpread(m, columns)),
  };
}

/** Squared error of what the layer gives where it is observed, on a few samples. */
function errorOf(
  calibrated: CalibratedNetwork,
  layer: FloatWeighted,
  input: IntegerTensor,
  codes: LayerCodes,
  observation: Observation,
): number {
  const count = Math.min(calibrated.count, SEARCH_SAMPLES);
  const features = input.values.length / calibrated.count;
  const scale = (input.scale * codes.step) / getFormat(codes.format).integerScale;
  const x = input.values.subarray(0, count * features);
  const sums = forwardLayer(layer, [x], count, { weight: integerWeights(layer, codes), bias: undefined });
  const outputs = outputsOf(layer);
  const positions = elementCount(layer.shape) / outputs;
  const offsets = meanDifference(activationsOf(calibrated, layer.name, count), sums, scale, outputs, positions);
  let real: Float64Array = sums.map((sum, i) => sum * scale + offsets[Math.floor(i / positions) % outputs]!);
  for (const step of observation.path) real = forwardLayer(step, [real], count);
  const target = activationsOf(calibrated, observation.path.at(-1)?.name ?? layer.name, count);
  if (!observation.requantized) return squared(real, target);
  const positive = observation.path.some(({ op }) => op === 'relu');
  const step = scale * 2 ** bestShift(real, target, scale, positive, calibrated.options);
  return quantizationError(real, target, step, positive ? 0 : -128, 127);
}

/** The bias on the accumulators' scale, with the mean error of the layer taken off; not yet an int32. */
function biasSteps(
  { activations, options }: CalibratedNetwork,
  layer: FloatWeighted,
  sums: Float64Array,
  scale: number,
): Float64Array {
  const outputs = outputsOf(layer);
  const positions = elementCount(layer.shape) / outputs;
  const correct = options.biasCorrection !== false && activations !== undefined;
  const real = correct
    ? meanDifference(activations.get(layer.name)!, sums, scale, outputs, positions)
    : Float64Array.from({ length: outputs }, (_, o) => layer.bias?.[o] ?? 0);
  return real.map((b) => Math.round(b / scale));
}

function integerWeights(layer: FloatWeighted, { format, codes, outputShifts }: LayerCodes): Float64Array {
  const { integers } = getFormat(format);
  const columns = weightsPerOutput(layer);
  return Float64Array.from(codes, (code, i) => integers[code]! * 2 ** (outputShifts?.[Math.floor(i / columns)] ?? 0));
}

/** No accumulator of a layer is larger, for inputs up to `input`. */
function largestSum(integers: Float64Array, bias: Float64Array, input: number): number {
  const columns = integers.length / bias.length;
  const sums = new Float64Array(bias.length);
  integers.forEach((weight, i) => {
    const o = Math.floor(i / columns);
    sums[o] = sums[o]! + Math.abs(weight) * input;
  });
  return sums.reduce((largest, sum, o) => Math.max(largest, sum + Math.abs(bias[o]!)), 0);
}

/** Mean of wanted − sums·scale for each output, over samples and positions: the bias that centres the errors. */
function meanDifference(
  wanted: Float64Array,
  sums: Float64Array,
  scale: number,
  outputs: number,
  positions: number,
): Float64Array {
  const means = new Float64Array(outputs);
  for (let i = 0; i < sums.length; i++) {
    const o = Math.floor(i / positions) % outputs;
    means[o] = means[o]! + wanted[i]! - sums[i]! * scale;
  }
  return means.map((sum) => sum / (sums.length / outputs));
}

function squared(a: Float64Array, b: Float64Array): number {
  let error = 0;
  for (let i = 0; i < a.length; i++) error += (a[i]! - b[i]!) ** 2;
  return error;
}
