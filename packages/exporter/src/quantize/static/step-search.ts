// Which step a layer's weights get: the grid that they lie on, or the step with which the layer comes nearest to the float layer where it is
// observed.
import { elementCount } from '@bitnetmcu/models/internal';
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import { ExporterError } from '../../errors.js';
import { type FloatWeighted, outputsOf, weightsPerOutput } from '../../float/float-network.js';
import { forwardLayer } from '../../float/forward-layer.js';
import { keptGrid, type LayerCodes } from '../../float/layer-codes.js';
import { meanDifference } from './bias-correction.js';
import { activationsOf, type CalibratedNetwork, needsCalibration } from './calibrated-network.js';
import { errorSpread } from './compensated-rounding.js';
import { secondMoments } from './input-patches.js';
import type { IntegerTensor } from './integer-tensor.js';
import { accumulatorScale, integerWeights } from './integer-weights.js';
import type { Observation } from './observation.js';
import { quantizationError } from './range-search.js';
import { bestShift } from './requantization-shift.js';
import { codesWithStep, type RowStatistics } from './row-codes.js';

/** Steps tried within one power of two. */
const MANTISSAS = 8;
/** Samples on which steps are tried. */
const SEARCH_SAMPLES = 64;
const MAX_PATCHES = 20_000;
/** Error compensation inverts a matrix of this many columns at most. */
const MAX_COLUMNS = 1200;

/** What the place of a layer asks of its accumulators. */
export interface AccumulatorNeeds {
  readonly observation: Observation;
  /** The scale, up to a power of two, that they need to be added to what is there already. */
  readonly addedTo: number | undefined;
  /** How many bits coarser than best they are, because sums would leave int32 else. */
  readonly coarser: number;
}

/**
 * Codes of a layer on the step that suits it.
 * @param warnings takes what becomes of the layer besides rounding, for the user.
 * @throws ExporterError `no-calibration` where samples are needed, `accumulator-overflow` where kept codes leave no room.
 */
export function chooseCodes(
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
    // An addition behind it multiplies where scales do not fit.
    if (coarser === 0) return grid;
    if (!activations) throw noRoom(layer);
    warnings.push('its low-bit grid is too fine for its sums or biases; requantized');
  }
  const format: FormatName = mixed[layer.name] ?? quantizer ?? grid?.format ?? '8bit';
  if (!activations) throw needsCalibration(`The weights of layer ${layer.name} lie on no low-bit grid`);
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
    `The low-bit weights of layer ${name} make sums or biases beyond int32; give calibration samples, so that it can be requantized, or train with fewer inputs or smaller biases`,
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
  const scale = accumulatorScale(input.scale, codes);
  const x = input.values.subarray(0, count * features);
  const sums = forwardLayer(layer, [x], count, { weight: integerWeights(layer, codes), bias: undefined });
  const outputs = outputsOf(layer);
  const positions = elementCount(layer.shape) / outputs;
  const offsets = meanDifference(activationsOf(calibrated, layer.name, count), sums, scale, outputs, positions);
  let real: Float64Array = sums.map((sum, i) => sum * scale + offsets[Math.floor(i / positions) % outputs]!);
  for (const step of observation.path) real = forwardLayer(step, [real], count);
  const target = activationsOf(calibrated, observation.path.at(-1)?.name ?? layer.name, count);
  if (!observation.requantized) return squared(real, target);
  const positive = observation.path.some(({ op }) => op === 'relu' || op === 'topRelu');
  const step = scale * 2 ** bestShift(real, target, scale, positive, calibrated.options);
  return quantizationError(real, target, step, positive ? 0 : -128, 127);
}

function squared(a: Float64Array, b: Float64Array): number {
  let error = 0;
  for (let i = 0; i < a.length; i++) error += (a[i]! - b[i]!) ** 2;
  return error;
}
