// Ternary layers of a header count their inputs in whole words of ten trits; how many of them the network really has follows from the
// layer before, or for the first layer from the metadata or the image that it must read.
import { ExporterError } from '../errors.js';
import type { HeaderLayer, LinearLayer } from './layer-macros.js';
import type { HeaderMetadata } from './metadata.js';
import { headerInputs, unpackWords, WEIGHT_CODES, weightCode } from './weight-codes.js';

/** Position of the weight 0 among the ternary weights −1, 0, 1. */
const ZERO = 1;

/**
 * The layers with the inputs that they really have.
 * @throws ExporterError `header-content` where weights stand in what must be padding.
 */
export function withoutTernaryPadding(
  layers: readonly HeaderLayer[],
  metadata: HeaderMetadata | undefined,
): readonly HeaderLayer[] {
  let channels = 1;
  let given = metadata?.inputShape.reduce((product, size) => product * size, 1);
  return layers.map((layer) => {
    const trimmed = layer.kind === 'linear' ? trim(layer, given) : layer;
    if (layer.kind === 'linear') given = layer.outputs;
    else {
      if (layer.kind === 'conv') channels = layer.outChannels;
      given = channels * layer.outgoing[0] * layer.outgoing[1];
    }
    return trimmed;
  });
}

/** @param given activations that the layer gets, where that is known */
function trim(layer: LinearLayer, given: number | undefined): LinearLayer {
  const code = WEIGHT_CODES.find(({ bitPerWeight }) => bitPerWeight === layer.bitPerWeight);
  if (code?.storage !== 'trits') return layer;
  const inputs = given ?? squareBelow(layer);
  if (inputs >= layer.inputs || headerInputs(code, inputs) !== layer.inputs) return layer;
  const row = rowWithWeights(layer, inputs);
  if (row === -1) return { ...layer, inputs };
  // Of the first layer it was a guess that the last inputs are padding.
  if (given === undefined) return layer;
  throw new ExporterError(
    'header-content',
    `Line ${layer.table.line}: ${layer.label} gets ${inputs} activations and counts ${layer.inputs}, but the ${layer.inputs - inputs} behind them have weights in output ${row}; they must be 0`,
    { line: layer.table.line, layer: layer.label },
  );
}

/** Images are square: of 260 counted inputs 256 are pixels. */
function squareBelow({ inputs }: LinearLayer): number {
  return Math.floor(Math.sqrt(inputs)) ** 2;
}

/** The first output with a weight that is not 0 behind the first `inputs`, or −1. */
function rowWithWeights(layer: LinearLayer, inputs: number): number {
  const { outputs: rows, inputs: columns, table, label, bitPerWeight } = layer;
  const code = weightCode(bitPerWeight, layer.line, label);
  const codes = unpackWords(code, table.values, { rows, columns, line: table.line, layer: label });
  for (let row = 0; row < rows; row++) {
    if (codes.subarray(row * columns + inputs, (row + 1) * columns).some((value) => value !== ZERO)) return row;
  }
  return -1;
}
