// FloatNetwork → TrainedNetwork: what the trainer fine-tunes.
import {
  type Layer,
  type Preprocessing,
  type Provenance,
  parseNetworkSpec,
  type TrainedNetwork,
} from '@bitnetmcu/models';
import { ACTIVATION_NAMES, type Pair, validateTrainedNetwork } from '@bitnetmcu/models/internal';
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import { powerOfTwoClips } from '@bitnetmcu/quant/internal';
import { unknownValue } from '../unknown-value.js';
import {
  consumersOf,
  type FloatDynamicNorm,
  type FloatLayer,
  type FloatNetwork,
  type FloatWeighted,
  isFloatWeighted,
  outputsOf,
} from './float-network.js';
import { type FormatChoice, keptGrid, requireKnownLayers } from './layer-codes.js';
import { importProvenance, NO_PREPROCESSING, preprocessingOf } from './preprocessing.js';
import { readStaticRanges } from './static-ranges.js';
import { UnsupportedGraphError, type UnsupportedNode } from './unsupported.js';

export interface TrainedNetworkOptions extends FormatChoice {
  readonly name?: string;
  readonly labels?: readonly string[];
  readonly provenance?: Provenance;
  /** What turns a raw sample into the graph's input; training applies it to uint8 samples. Default: nothing. */
  readonly preprocessing?: Preprocessing;
  /** Format to train layers in whose weights lie on no grid. Default `4bitsym`. */
  readonly quantizer?: FormatName;
}

/**
 * The network as the trainer takes it. Layers on a low-bit grid get its format and clipping scalar, so that training starts from the same
 * codes; others get the quantizer with OCTAV clipping.
 * @throws UnsupportedGraphError listing what a NetworkSpec cannot say: limits of ReLUs, norms that no layer with weights reads.
 */
export function trainedNetworkOf(imported: FloatNetwork, options: TrainedNetworkOptions = {}): TrainedNetwork {
  const { network } = readStaticRanges(imported);
  requireKnownLayers(network, options);
  requireExpressible(network);
  const parameters: Record<string, Float32Array> = {};
  /** Norms vanish into the layers that read them. */
  const norms = new Map<string, FloatDynamicNorm>();
  const sources = new Map<string, string>();
  const layers: Layer[] = [];
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((name) => sources.get(name) ?? name);
    if (layer.op === 'dynamicNorm') {
      norms.set(layer.name, layer);
      sources.set(layer.name, inputs[0]!);
    } else {
      layers.push(specLayer(layer, inputs, norms.get(layer.inputs[0]!), options, parameters));
    }
  }
  const trained: TrainedNetwork = {
    spec: parseNetworkSpec({
      name: options.name ?? network.name,
      input: {
        shape: network.inputShape,
        preprocessing: preprocessingOf(network, options.preprocessing ?? NO_PREPROCESSING),
      },
      layers,
    }),
    parameters,
    labels: options.labels ?? [],
    provenance: importProvenance(network, options.preprocessing, options.provenance),
  };
  validateTrainedNetwork(trained);
  return trained;
}

function specLayer(
  layer: Exclude<FloatLayer, FloatDynamicNorm>,
  inputs: string[],
  norm: FloatDynamicNorm | undefined,
  options: TrainedNetworkOptions,
  parameters: Record<string, Float32Array>,
): Layer {
  const base = { name: layer.name, inputs };
  switch (layer.op) {
    case 'linear':
    case 'conv2d': {
      const bias = layer.bias?.some((b) => b !== 0) ? layer.bias : undefined;
      parameters[`${layer.name}.weight`] = layer.weight;
      if (bias) parameters[`${layer.name}.bias`] = bias;
      const weights = quantizerOf(layer, options, parameters);
      // Without a norm in the graph the network was trained in float; int8 activations are what it will get.
      const activationQuantizer = 'max-abs' as const;
      if (layer.op === 'linear') {
        const kind = norm?.norm === 'rms' || norm?.norm === 'l1' ? norm.norm : 'none';
        return {
          ...base,
          type: 'linear',
          outputs: layer.outFeatures,
          weights,
          norm: kind,
          activationQuantizer,
          bias: bias !== undefined,
        };
      }
      return {
        ...base,
        type: 'conv2d',
        channels: layer.outChannels,
        kernel: [...layer.kernel],
        stride: [...layer.stride],
        padding: [...layer.padding],
        groups: layer.groups > 1 && layer.groups === layer.inShape[0] ? 'depthwise' : layer.groups,
        weights,
        activationQuantizer,
        bias: bias !== undefined,
      };
    }
    case 'activation':
      return { ...base, type: 'activation', function: layer.function! };
    case 'relu':
      return { ...base, type: 'activation', function: 'relu' };
    case 'topRelu':
      return { ...base, type: 'topRelu' };
    case 'topGroups':
      return { name: layer.name, type: 'topGroups', inputs: [inputs[0]!, inputs[1]!], keep: layer.keep };
    case 'maxPool2d':
    case 'avgPool2d': {
      const copy = ([vertical, horizontal]: Pair): [number, number] => [vertical, horizontal];
      const window = { size: copy(layer.size), stride: copy(layer.stride), padding: copy(layer.padding) };
      return layer.op === 'maxPool2d'
        ? { ...base, type: layer.op, ...window }
        : { ...base, type: layer.op, ...window, countIncludePad: layer.countIncludePad };
    }
    case 'crop': {
      const [, height, width] = layer.shape as readonly [number, number, number];
      return { ...base, type: 'crop', top: layer.top, left: layer.left, height, width };
    }
    case 'flatten':
      return { ...base, type: 'flatten' };
    case 'add':
      return { name: layer.name, type: 'add', inputs: [inputs[0]!, inputs[1]!] };
    case 'affine':
    case 'staticQuantization':
      throw new Error(`${layer.op} was refused or removed before`);
    default:
      throw unknownValue('layer', layer);
  }
}

function quantizerOf(
  layer: FloatWeighted,
  options: TrainedNetworkOptions,
  parameters: Record<string, Float32Array>,
): Extract<Layer, { type: 'linear' }>['weights'] {
  const clipping = { method: 'octav' } as const;
  const grid = keptGrid(layer, options);
  const { mixed = {}, quantizer = '4bitsym' } = options;
  if (!grid) return { format: mixed[layer.name] ?? quantizer, scaling: 'PerOutput', clipping };
  const clip = grid.step * getFormat(grid.format).scaleNumerator;
  const shifts = grid.outputShifts;
  parameters[`${layer.name}.clip`] = shifts
    ? powerOfTwoClips(Float32Array.from({ length: outputsOf(layer) }, (_, o) => clip * 2 ** shifts[o]!)).clips
    : Float32Array.of(clip);
  // The scalars that the weights were trained with stay: others would give other codes before the first step.
  const frozen = { ...clipping, freezeEpoch: 0 };
  return { format: grid.format, scaling: shifts ? 'PerOutput' : 'PerTensor', clipping: frozen };
}

function requireExpressible(network: FloatNetwork): void {
  const consumers = consumersOf(network.layers);
  const unsupported = network.layers.flatMap((layer): UnsupportedNode[] => {
    const refuse = (reason: string, nearest: string) => [
      { name: layer.nodes[0] ?? layer.name, operator: layer.op, reason, nearest },
    ];
    if (layer.op === 'relu' && layer.limit < Number.POSITIVE_INFINITY) {
      return refuse(
        `its ReLU ends at ${layer.limit}`,
        'a ReLU without limit, or quantization after training (quantize)',
      );
    }
    if (layer.op === 'activation' && layer.function === undefined) {
      return refuse(
        'an activation function that the trainer does not have',
        `one of ${ACTIVATION_NAMES.join(', ')}, or quantization after training`,
      );
    }
    if (layer.op === 'dynamicNorm' && !(consumers.get(layer.name) ?? []).every(isFloatWeighted)) {
      return refuse('a norm that no layer with weights reads directly', 'a norm directly in front of a linear layer');
    }
    return [];
  });
  if (unsupported.length > 0) throw new UnsupportedGraphError(unsupported);
}
