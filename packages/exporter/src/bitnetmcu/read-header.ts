// BitNetMCU model headers → QuantizedModel. Every size is checked against the tables.
import {
  ModelError,
  proveAccumulatorBounds,
  type QuantizedModel,
  type QuantizedNode,
  type Shape,
  validateQuantizedModel,
} from '@bitnetmcu/models';
import type { Conv2dNode, LinearNode, Pair } from '@bitnetmcu/models/internal';
import type { FormatName } from '@bitnetmcu/quant';
import { ExporterError } from '../errors.js';
import { MAX_HEADER_CHARACTERS } from '../limits.js';
import { unknownValue } from '../unknown-value.js';
import { type Declarations, readDeclarations } from './declarations.js';
import { type ConvLayer, gatherLayers, type HeaderLayer, type LinearLayer, type PoolLayer } from './layer-macros.js';
import { type HeaderMetadata, METADATA_MACRO, readMetadata } from './metadata.js';
import { withoutTernaryPadding } from './ternary-padding.js';
import { unpackWords, type WeightCode, weightCode } from './weight-codes.js';

/** The original shifts right by 4 after every convolution. */
export const CONVOLUTION_SHIFT = 4;

/** What every published header was trained with. */
const MNIST_PREPROCESSING = { divisor: 255, mean: 0.1307, deviation: 0.3081 };

export interface ReadHeaderOptions {
  /** Name of the model where the header has none. Default `bitnetmcu`. */
  readonly name?: string;
  /** For its provenance: what the header was called, where that is no name. Not used where the header has a name. */
  readonly title?: string;
}

/**
 * Reads a BitNetMCU model header. It defines MODEL_<class> (FCMNIST, CNNMNIST, …); whether it is convolutional is in its layers.
 * Layers become nodes named `L<k>`, with a ShiftNorm `L<k>_norm` between linear layers and before the first one after convolutions.
 * Labels are the numbers of the outputs and preprocessing is MNIST's, unless the header was written by {@link writeBitnetmcuHeader}.
 * @throws ExporterError `header-syntax`, `header-content` or `header-shape`, with the line.
 * @example
 * ```ts
 * import { parseBitnetmcuHeader } from '@bitnetmcu/exporter';
 * const model = parseBitnetmcuHeader('#define NUM_LAYERS 4 …'); // the text of a BitNetMCU_model.h
 * ```
 */
export function parseBitnetmcuHeader(text: string, options: ReadHeaderOptions = {}): QuantizedModel {
  if (text.length > MAX_HEADER_CHARACTERS) {
    throw new ExporterError(
      'header-content',
      `The header has ${text.length} characters, at most ${MAX_HEADER_CHARACTERS} are read; a network for a microcontroller has fewer`,
    );
  }
  const declarations = readDeclarations(text);
  requireClass(declarations);
  const { layers: described, ignored } = gatherLayers(declarations);
  checkLayerCount(described, declarations.macros.get('NUM_LAYERS'));
  const metadata = readMetadata(declarations);
  const layers = withoutTernaryPadding(described, metadata);
  const nodes = buildNodes(layers, metadata);
  const first = layers[0]!;
  const shape = inputShape(first, metadata);
  const last = nodes[nodes.length - 1]!;
  if (last.op !== 'linear') throw shapeError(layers.at(-1)!, 'the last layer is not linear; it gives the logits');
  const model: QuantizedModel = {
    name: metadata?.name ?? options.name ?? 'bitnetmcu',
    input: { shape, preprocessing: metadata?.preprocessing ?? MNIST_PREPROCESSING, quantization: { kind: 'dynamic' } },
    nodes,
    labels: metadata?.labels ?? Array.from({ length: last.outFeatures }, (_, output) => `${output}`),
    provenance: metadata?.provenance ?? {
      ...(options.title === undefined ? {} : { title: options.title }),
      tool: 'BitNetMCU header',
      ...(ignored.length > 0 ? { config: { ignoredMacros: ignored } } : {}),
    },
  };
  requireRunnable(model);
  return model;
}

/** The macro of the network's class, whatever its name. @throws ExporterError `header-content` */
function requireClass({ macros, guards }: Declarations): void {
  const isClass = (name: string) => name.startsWith('MODEL_') && name !== METADATA_MACRO && !guards.has(name);
  if ([...macros.keys()].some(isClass)) return;
  throw new ExporterError(
    'header-content',
    'Line 1: no MODEL_<class> found, such as MODEL_FCMNIST; a BitNetMCU model header defines one',
    { line: 1 },
  );
}

function requireRunnable(model: QuantizedModel): void {
  try {
    validateQuantizedModel(model);
    proveAccumulatorBounds(model);
  } catch (cause) {
    if (!ModelError.isInstance(cause)) throw cause;
    throw new ExporterError('header-content', `The header describes a network that cannot run. ${cause.message}`, {
      cause,
    });
  }
}

function checkLayerCount(
  layers: readonly HeaderLayer[],
  macro: { value: number | string | undefined; line: number } | undefined,
): void {
  const line = macro?.line ?? 1;
  if (layers.length === 0)
    throw new ExporterError(
      'header-content',
      `Line ${line}: no layer found; every layer needs L<number>_active and its sizes`,
      { line },
    );
  if (macro && macro.value !== layers.length) {
    throw new ExporterError(
      'header-content',
      `Line ${line}: NUM_LAYERS is ${macro.value ?? 'empty'} but ${layers.length} layers are described`,
      { line },
    );
  }
}

function inputShape(first: HeaderLayer, metadata: HeaderMetadata | undefined): Shape {
  const shape: Shape =
    first.kind === 'linear'
      ? [first.inputs]
      : first.kind === 'conv'
        ? [first.inChannels, first.incoming[1], first.incoming[0]]
        : [1, first.incoming[1], first.incoming[0]];
  if (!metadata) return shape;
  const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
  const described = metadata.inputShape;
  if ((described.length !== 1 && described.length !== 3) || product(described) !== product(shape)) {
    throw shapeError(
      first,
      `the metadata's input shape ${described.join('×')} does not match the layer's ${shape.join('×')}`,
    );
  }
  return described as readonly number[] as Shape;
}

/** A node before it is known what it reads. */
type Unlinked<N> = N extends QuantizedNode ? Omit<N, 'inputs'> : never;

/** Where the data stands while layers are appended: maps of `channels` channels, or features. */
type State =
  | { readonly kind: 'maps'; readonly channels: number; readonly width: number; readonly height: number }
  | { readonly kind: 'features'; readonly count: number };

function buildNodes(layers: readonly HeaderLayer[], metadata: HeaderMetadata | undefined): QuantizedNode[] {
  const nodes: QuantizedNode[] = [];
  let state: State | undefined;
  let weighted = 0;
  /** The format that the metadata names for the next layer with weights, where the table could be of it. */
  const format = (possible: readonly [FormatName, ...FormatName[]], layer: HeaderLayer): FormatName => {
    const described = metadata?.formats[weighted++] ?? possible[0];
    if (!possible.includes(described))
      throw shapeError(layer, `the metadata calls its format ${described}, the table holds ${possible[0]}`);
    return described;
  };
  const append = (node: Unlinked<QuantizedNode>) => {
    const name = metadata ? metadata.nodes[nodes.length] : node.name;
    if (name === undefined)
      throw new ExporterError(
        'header-content',
        `The metadata names ${metadata!.nodes.length} nodes, the layers make more; remove its line`,
        {},
      );
    nodes.push({ ...node, name, inputs: [nodes.length === 0 ? 'input' : nodes[nodes.length - 1]!.name] });
  };
  for (const layer of layers) {
    switch (layer.kind) {
      case 'linear': {
        checkFeatures(layer, state);
        if (state?.kind === 'maps' || leadingFlatten(layers, metadata, nodes))
          append({ name: `${layer.label}_flatten`, op: 'flatten' });
        if (state) append({ name: `${layer.label}_norm`, op: 'shiftNorm', activation: 'relu' });
        const code = weightCode(layer.bitPerWeight, layer.line, layer.label);
        append(linearNode(layer, code, format(code.formats, layer)));
        state = { kind: 'features', count: layer.outputs };
        break;
      }
      case 'conv':
        checkMaps(layer, layer.inChannels, state);
        append(convNode(layer, format(['8bit'], layer)));
        append({ name: `${layer.label}_relu`, op: 'reluShift', shift: CONVOLUTION_SHIFT });
        state = { kind: 'maps', channels: layer.outChannels, width: layer.outgoing[0], height: layer.outgoing[1] };
        break;
      case 'pool': {
        const channels = state?.kind === 'maps' ? state.channels : 1;
        checkMaps(layer, channels, state);
        checkPool(layer);
        append({ name: layer.label, op: 'maxPool2d', ...squareWindow(layer.size) });
        state = { kind: 'maps', channels, width: layer.outgoing[0], height: layer.outgoing[1] };
        break;
      }
      default:
        throw unknownValue('layer', layer);
    }
  }
  if (metadata && (metadata.nodes.length !== nodes.length || new Set(metadata.nodes).size !== nodes.length)) {
    throw new ExporterError(
      'header-content',
      `The metadata names ${new Set(metadata.nodes).size} nodes, the layers make ${nodes.length}; remove its line`,
    );
  }
  return nodes;
}

/** Fully connected models of images may flatten them first, which no header shows; only the metadata's node names do. */
function leadingFlatten(
  layers: readonly HeaderLayer[],
  metadata: HeaderMetadata | undefined,
  nodes: readonly QuantizedNode[],
): boolean {
  return nodes.length === 0 && metadata?.inputShape.length === 3 && metadata.nodes.length === 2 * layers.length;
}

function linearNode(layer: LinearLayer, code: WeightCode, format: FormatName): Unlinked<LinearNode> {
  const { label, inputs, outputs, table } = layer;
  const codes = unpackWords(code, table.values, { rows: outputs, columns: inputs, line: table.line, layer: label });
  return { name: label, op: 'linear', inFeatures: inputs, outFeatures: outputs, weights: { format, codes } };
}

function convNode(layer: ConvLayer, format: FormatName): Unlinked<Conv2dNode> {
  const { inChannels, outChannels, groups, kernel, table } = layer;
  if (inChannels % groups !== 0 || outChannels % groups !== 0) {
    throw shapeError(
      layer,
      `${inChannels} input and ${outChannels} output channels do not divide into ${groups} groups`,
    );
  }
  const weights = outChannels * (inChannels / groups) * kernel * kernel;
  if (table.values.length !== weights) {
    throw new ExporterError(
      'header-content',
      `Line ${table.line}: ${layer.label}_weights has ${table.values.length} elements; ${outChannels} outputs of ${inChannels / groups}×${kernel}×${kernel} take ${weights}`,
      { line: table.line, layer: layer.label },
    );
  }
  for (const axis of [0, 1] as const) {
    if (layer.outgoing[axis] !== layer.incoming[axis] - kernel + 1) {
      throw shapeError(
        layer,
        `a ${kernel}×${kernel} kernel over ${layer.incoming.join('×')} leaves ${layer.incoming.map((size) => size - kernel + 1).join('×')}, not ${layer.outgoing.join('×')}`,
      );
    }
  }
  return {
    name: layer.label,
    op: 'conv2d',
    inChannels,
    outChannels,
    kernel: [kernel, kernel],
    stride: [1, 1],
    padding: [0, 0],
    groups,
    // Codes are indices into −128 … 127.
    weights: { format, codes: Uint8Array.from(table.values, (weight) => weight + 128) },
  };
}

function checkFeatures(layer: LinearLayer, state: State | undefined): void {
  if (!state) return;
  const count = state.kind === 'maps' ? state.channels * state.width * state.height : state.count;
  if (layer.inputs !== count)
    throw shapeError(layer, `it takes ${layer.inputs} inputs, but the layer before it gives ${count}`);
}

function checkMaps(layer: ConvLayer | PoolLayer, channels: number, state: State | undefined): void {
  if (!state) return;
  if (state.kind === 'features') throw shapeError(layer, 'it works on maps but follows a linear layer');
  if (state.channels !== channels || state.width !== layer.incoming[0] || state.height !== layer.incoming[1]) {
    throw shapeError(
      layer,
      `it takes ${channels} maps of ${layer.incoming.join('×')}, but the layer before it gives ${state.channels} of ${state.width}×${state.height}`,
    );
  }
}

function squareWindow(size: number): { size: Pair; stride: Pair; padding: Pair } {
  return { size: [size, size], stride: [size, size], padding: [0, 0] };
}

function checkPool(layer: PoolLayer): void {
  for (const axis of [0, 1] as const) {
    if (layer.outgoing[axis] !== Math.floor(layer.incoming[axis] / layer.size)) {
      throw shapeError(
        layer,
        `pooling ${layer.incoming.join('×')} by ${layer.size} leaves ${layer.incoming.map((size) => Math.floor(size / layer.size)).join('×')}, not ${layer.outgoing.join('×')}`,
      );
    }
  }
}

function shapeError(layer: HeaderLayer, problem: string): ExporterError {
  return new ExporterError('header-shape', `Line ${layer.line}: layer ${layer.label}: ${problem}`, {
    line: layer.line,
    layer: layer.label,
  });
}
