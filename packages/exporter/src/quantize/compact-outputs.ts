// A trained network without the outputs that learned bits have left without weights, and with the outputs of a layer in the order of their
// bits, so that those of one format stand together. The network computes the same.
import { inferShapes, type Layer, type ResolvedLayer, type TrainedNetwork } from '@bitnetmcu/models';
import { applyActivation, elementCount, INPUT, isWeighted, weightDimensions } from '@bitnetmcu/models/internal';
import { symmetricBits, wholeBits } from '@bitnetmcu/quant/internal';
import { ExporterError } from '../errors.js';

type Parameters = Record<string, Float32Array>;

/** Numbers of the channels (of shape[0]) that are left, in their new order. */
type Kept = readonly number[];

/**
 * @param trained passed validateTrainedNetwork; returned as it is where no layer learns its bits
 * @throws ExporterError `unsupported-graph` naming the layer where an output without weights cannot vanish
 */
export function compactOutputs(trained: TrainedNetwork): TrainedNetwork {
  const { spec } = trained;
  if (!spec.layers.some((layer) => isWeighted(layer) && layer.weights.learnedBits)) return trained;
  const layers = inferShapes(spec);
  const parameters: Parameters = { ...trained.parameters };
  const kept = new Map<string, Kept>([[INPUT, range(spec.input.shape[0])]]);
  const smaller = layers.map((resolved, i) => {
    const inputs = resolved.inputs.map((name) => kept.get(name)!);
    const { layer, outputs } = compactLayer(parameters, resolved, inputs, i === layers.length - 1);
    kept.set(layer.name, outputs);
    return layer;
  });
  return { ...trained, spec: { ...spec, layers: smaller }, parameters };
}

function compactLayer(
  parameters: Parameters,
  resolved: ResolvedLayer,
  [input, other]: readonly Kept[],
  last: boolean,
): { readonly layer: Layer; readonly outputs: Kept } {
  const { layer, inputShapes, outputShape } = resolved;
  const shape = inputShapes[0]!;
  const unchanged = input!.length === shape[0] && input!.every((channel, i) => channel === i);
  const all = range(outputShape[0]);
  switch (layer.type) {
    case 'linear':
    case 'conv2d': {
      const depthwise = layer.type === 'conv2d' && layer.groups !== 1;
      if (depthwise && !unchanged && weightDimensions(layer, shape).groups !== shape[0]) {
        throw refusal(layer.name, 'reads channels without weights in groups; use groups of 1 or depthwise');
      }
      if (layer.type === 'linear' && !unchanged && (layer.norm === 'layer' || layer.norm === 'batch')) {
        throw refusal(
          layer.name,
          `reads outputs without weights through the norm '${layer.norm}'; use rms, l1 or none`,
        );
      }
      const { outputs, perOutput } = weightDimensions(layer, shape);
      const multiplier = depthwise ? outputs / shape[0] : 1;
      const readable = depthwise
        ? input!.flatMap((channel) => range(multiplier).map((k) => channel * multiplier + k))
        : all;
      const left = orderedOutputs(parameters, layer, readable, { outputs, sort: !last && !depthwise });
      if (left.length < outputs && last) {
        throw refusal(layer.name, 'gives a logit without weights; set "minimum": 1 in its learnedBits');
      }
      const each = depthwise ? perOutput : elementCount(shape) / shape[0];
      const columns = depthwise
        ? range(perOutput)
        : layer.type === 'linear'
          ? input!.flatMap((channel) => range(each).map((k) => channel * each + k))
          : input!.flatMap((channel) => range(perOutput / shape[0]).map((k) => (channel * perOutput) / shape[0] + k));
      takeRows(parameters, layer.name, left, { outputs, perOutput, columns });
      return {
        layer: layer.type === 'linear' ? { ...layer, outputs: left.length } : { ...layer, channels: left.length },
        outputs: left,
      };
    }
    case 'activation':
      if (!unchanged && applyActivation(layer.function, 0) !== 0) {
        throw refusal(layer.name, `makes a constant of outputs without weights (${layer.function})`);
      }
      return { layer, outputs: input! };
    case 'add':
      if (other!.length !== input!.length || other!.some((channel, i) => channel !== input![i])) {
        throw refusal(
          layer.name,
          'adds tensors that have lost other outputs; set "minimum": 1 in the learnedBits of both',
        );
      }
      return { layer, outputs: input! };
    case 'flatten': {
      const each = elementCount(shape) / shape[0];
      return { layer, outputs: input!.flatMap((channel) => range(each).map((k) => channel * each + k)) };
    }
    case 'topRelu':
      if (!unchanged)
        throw refusal(layer.name, 'compares with outputs without weights; set "minimum": 1 in learnedBits');
      return { layer, outputs: input! };
    case 'topGroups':
      if (!unchanged || other!.some((channel, i) => channel !== i) || other!.length !== inputShapes[1]![0]) {
        throw refusal(
          layer.name,
          'chooses among outputs, or by scores, that learned bits put into another order; leave learnedBits out of the layers that it reads',
        );
      }
      return { layer, outputs: input! };
    case 'custom':
      if (!unchanged)
        throw refusal(layer.name, `is of the custom kind ${layer.kind} and reads outputs without weights`);
      return { layer, outputs: all };
    default:
      // Pools, crops and dropout stay in their channels.
      return { layer, outputs: input! };
  }
}

/** The outputs of a layer that have weights, the widest first where the order is free. */
function orderedOutputs(
  parameters: Parameters,
  layer: Extract<Layer, { weights: unknown }>,
  readable: Kept,
  { outputs, sort }: { readonly outputs: number; readonly sort: boolean },
): Kept {
  const { format, learnedBits } = layer.weights;
  if (!learnedBits) return readable;
  const bits = parameters[`${layer.name}.bits`]!;
  const most = symmetricBits(format)!;
  const whole = range(outputs).map((output) => wholeBits(bits[bits.length === 1 ? 0 : output]!, most));
  const left = readable.filter((output) => whole[output]! > 0);
  if (left.length === 0) {
    throw refusal(
      layer.name,
      'has lost all of its weights: train with a smaller weight of the size term, or with "minimum": 1',
    );
  }
  const gone = range(outputs).find((output) => whole[output] === 0 && parameters[`${layer.name}.bias`]?.[output]);
  if (gone !== undefined)
    throw refusal(layer.name, `has a bias on output ${gone}, which has no weights; train without biases`);
  return sort ? [...left].sort((a, b) => whole[b]! - whole[a]! || a - b) : left;
}

function takeRows(
  parameters: Parameters,
  name: string,
  rows: Kept,
  { outputs, perOutput, columns }: { readonly outputs: number; readonly perOutput: number; readonly columns: Kept },
): void {
  for (const key of [`${name}.weight`, `${name}.mask`]) {
    const values = parameters[key];
    if (values === undefined) continue;
    parameters[key] = Float32Array.from(
      rows.flatMap((row) => columns.map((column) => values[row * perOutput + column]!)),
    );
  }
  for (const key of ['bits', 'exponent', 'clip', 'bias'].map((parameter) => `${name}.${parameter}`)) {
    const values = parameters[key];
    if (values !== undefined && values.length === outputs && outputs > 1)
      parameters[key] = Float32Array.from(rows, (row) => values[row]!);
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function refusal(layer: string, problem: string): ExporterError {
  return new ExporterError('unsupported-graph', `Layer ${layer} ${problem}`, { layer });
}
