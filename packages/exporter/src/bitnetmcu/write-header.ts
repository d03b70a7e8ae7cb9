// QuantizedModel → BitNetMCU model header, for the networks that the original's C code runs. Everything else is refused by name.
import type { QuantizedModel, QuantizedNode } from '@bitnetmcu/models';
import type { Conv2dNode, LinearNode, MaxPool2dNode } from '@bitnetmcu/models/internal';
import { bitsPerWeight, integerWeights } from '@bitnetmcu/quant';
import { cComment, cJsonString, wrapValues } from '../c/c-text.js';
import { ExporterError } from '../errors.js';
import { unknownValue } from '../unknown-value.js';
import { METADATA_MACRO, metadataOf } from './metadata.js';
import { CONVOLUTION_SHIFT } from './read-header.js';
import { headerInputs, packWords, WEIGHT_CODES, type WeightCode } from './weight-codes.js';

/** Layer numbers that the original's C code reads by name. */
const LINEAR_LABELS = ['L1', 'L2', 'L3', 'L4'];
/** conv, depthwise conv, pool, depthwise conv, pool, three linear layers: the one convolutional chain it has. */
const CONVOLUTIONAL_CHAIN = [
  { kind: 'conv', label: 'L2' },
  { kind: 'depthwise', label: 'L4' },
  { kind: 'pool', label: 'L6' },
  { kind: 'depthwise', label: 'L7' },
  { kind: 'pool', label: 'L9' },
  { kind: 'linear', label: 'L11' },
  { kind: 'linear', label: 'L13' },
  { kind: 'linear', label: 'L15' },
] as const;
/** Edge of the images that its convolutional code has buffers for. */
const IMAGE_SIZE = 16;

/**
 * Writes a model as a header of the original BitNetMCU project; {@link parseBitnetmcuHeader} reads it back to the same model.
 *
 * Supported: three or four linear layers, or conv → depthwise conv → pool → depthwise conv → pool → three linear layers on 16×16 images,
 * both without bias and output shifts, rows filling whole 32-bit words, convolutions 3×3 with 8-bit weights and a shift of 4.
 * @throws ExporterError `unsupported-node` naming the layer, what its C code has instead and what to do.
 *
 * @example
 * ```ts
 * import { writeBitnetmcuHeader } from '@bitnetmcu/exporter';
 *
 * const text = writeBitnetmcuHeader(model); // for the C code of the original BitNetMCU
 * ```
 */
export function writeBitnetmcuHeader(model: QuantizedModel): string {
  if (model.input.quantization.kind !== 'dynamic') {
    throw refusal('input', 'has a static input scale; the original always scales an image by its own maximum');
  }
  const layers = headerLayers(model);
  const last = layers.at(-1)!;
  if (last.node.op === 'linear' && last.node.outFeatures === 1) {
    throw refusal(
      last.node.name,
      'has one output, whose sign is the class; the original takes the largest of several, always class 0',
    );
  }
  const blocks = layers.map(({ label, node, inputSize }) => layerBlock(label, node, inputSize));
  const linear = layers.flatMap(({ node }) => (node.op === 'linear' ? [node] : []));
  const bits = linear.reduce((sum, node) => sum + node.weights.codes.length * bitsPerWeight(node.weights.format), 0);
  const convolutional = layers.some(({ node }) => node.op === 'conv2d');
  const activations = maxActivations(linear, convolutional);
  return `${[
    `// ${cComment(model.name)}: a quantized network as a BitNetMCU model header, written by @bitnetmcu/exporter.`,
    `// Weights of the linear layers: ${Math.ceil(bits)} bits.`,
    '',
    '#include <stdint.h>',
    '',
    '#ifndef BITNETMCU_MODEL_H',
    '#define BITNETMCU_MODEL_H',
    '',
    `#define ${convolutional ? 'MODEL_CNNMNIST' : 'MODEL_FCMNIST'}`,
    `#define NUM_LAYERS ${layers.length}`,
    '// Sizes the buffers of activations: outputs of layers, features of the convolutions, their maps.',
    `#define MAX_N_ACTIVATIONS ${activations}`,
    '// Names, labels, preprocessing and provenance for importing this file again; not used in C.',
    `#define ${METADATA_MACRO} ${cJsonString(metadataOf(model))}`,
    '',
    ...blocks,
    '#endif',
  ].join('\n')}\n`;
}

/** Buffers of the original's C code that do not depend on the network. */
const LEAST_ACTIVATIONS = 64;

/**
 * What the original's buffers of activations must hold: it writes every layer's outputs and the features of the convolutions into arrays
 * of MAX_N_ACTIVATIONS, and where there are convolutions its program for a PC also a whole image.
 */
function maxActivations(linear: readonly LinearNode[], convolutional: boolean): number {
  const read = convolutional ? linear : linear.slice(1);
  return Math.max(
    LEAST_ACTIVATIONS,
    convolutional ? IMAGE_SIZE * IMAGE_SIZE : 0,
    ...linear.map((node) => node.outFeatures),
    // Kernels of ternary layers read the rounded number of activations.
    ...read.map((node) => headerInputs(codeFor(node), node.inFeatures)),
  );
}

interface HeaderLayer {
  readonly label: string;
  readonly node: LinearNode | Conv2dNode | MaxPool2dNode;
  /** Edge of the square maps that the layer reads; 0 for linear layers. */
  readonly inputSize: number;
}

/** The layers with weights or pools under the original's labels, after checking that the nodes between them are its own. */
function headerLayers(model: QuantizedModel): HeaderLayer[] {
  model.nodes.forEach((node, index) => {
    const previous = index === 0 ? 'input' : model.nodes[index - 1]!.name;
    if (node.inputs.length !== 1 || node.inputs[0] !== previous) {
      throw refusal(node.name, `reads ${node.inputs.join(' and ')}; the original runs plain chains`);
    }
  });
  const convolutional = model.nodes.some((node) => node.op === 'conv2d' || node.op === 'maxPool2d');
  const chain = convolutional
    ? CONVOLUTIONAL_CHAIN
    : LINEAR_LABELS.map((label) => ({ kind: 'linear', label }) as const);
  const layers: HeaderLayer[] = [];
  const rest = [...model.nodes];
  let size = IMAGE_SIZE;
  if (convolutional && model.input.shape.join() !== `1,${IMAGE_SIZE},${IMAGE_SIZE}`) {
    throw refusal(
      'input',
      `has the shape ${model.input.shape.join('×')}; the original's convolutional code takes 1×${IMAGE_SIZE}×${IMAGE_SIZE}`,
    );
  }
  if (model.nodes[0]?.op === 'flatten') rest.shift();
  for (const { kind, label } of chain) {
    const node = rest.shift();
    if (!node) break;
    if (kind === 'linear') {
      if (node.op !== 'linear') throw wrongKind(node, 'a linear layer');
      checkLinear(node);
      layers.push({ label, node, inputSize: 0 });
      if (rest.length > 0) take(rest, 'shiftNorm', node.name);
    } else if (kind === 'pool') {
      if (node.op !== 'maxPool2d' || [...node.size, ...node.stride, ...node.padding].join() !== '2,2,2,2,0,0')
        throw wrongKind(node, 'a 2×2 max pooling');
      layers.push({ label, node, inputSize: size });
      size /= 2;
      if (layers.length === 5) {
        take(rest, 'flatten', node.name);
        take(rest, 'shiftNorm', node.name);
      }
    } else {
      if (node.op !== 'conv2d')
        throw wrongKind(node, kind === 'conv' ? 'a convolution of the image' : 'a depthwise convolution');
      checkConvolution(node, kind);
      layers.push({ label, node, inputSize: size });
      size -= 2;
      const relu = take(rest, 'reluShift', node.name);
      if (relu.shift !== CONVOLUTION_SHIFT) {
        throw refusal(
          relu.name,
          `shifts by ${relu.shift}; the original shifts by ${CONVOLUTION_SHIFT} after every convolution. Set "shift": 4 in the layer and export again`,
        );
      }
    }
  }
  if (rest.length > 0)
    throw refusal(rest[0]!.name, `comes after layer ${chain[chain.length - 1]!.label}, the last that the original has`);
  const wanted = convolutional ? CONVOLUTIONAL_CHAIN.length : 3;
  if (layers.length < wanted) {
    throw refusal(
      model.nodes[model.nodes.length - 1]!.name,
      `ends the network after ${layers.length} layers; the original runs ${convolutional ? `exactly ${wanted}` : '3 or 4'}`,
    );
  }
  return layers;
}

function take<Op extends 'shiftNorm' | 'flatten' | 'reluShift'>(
  rest: QuantizedNode[],
  op: Op,
  after: string,
): Extract<QuantizedNode, { op: Op }> {
  const node = rest.shift();
  if (node?.op === op) return node as Extract<QuantizedNode, { op: Op }>;
  throw refusal(
    node?.name ?? after,
    `is ${node ? `a ${node.op}` : 'the end of the network'}; the original has a ${op} after ${after}`,
  );
}

function checkPlainWeights(node: LinearNode | Conv2dNode): void {
  if (node.weights.bias) throw refusal(node.name, 'has a bias; the original has none. Train with "bias": false');
  if (node.weights.outputShifts?.some((shift) => shift !== 0)) {
    throw refusal(
      node.name,
      'has shifts per output; the original scales whole layers. Train with "scaling": "PerTensor"',
    );
  }
}

function checkLinear(node: LinearNode): void {
  checkPlainWeights(node);
  const code = codeFor(node);
  if (code.storage === 'words' && (node.inFeatures * code.bits) % 32 !== 0) {
    throw refusal(
      node.name,
      `has ${node.inFeatures} inputs of ${code.bits} bits; the original reads whole 32-bit words, so their number must be a multiple of ${32 / code.bits}`,
    );
  }
}

function codeFor(node: LinearNode): WeightCode {
  const code = WEIGHT_CODES.find((entry) => entry.formats.includes(node.weights.format));
  if (code) return code;
  const known = WEIGHT_CODES.flatMap((entry) => entry.formats).join(', ');
  throw refusal(node.name, `has ${node.weights.format} weights; the original has ${known}`);
}

function checkConvolution(node: Conv2dNode, kind: 'conv' | 'depthwise'): void {
  checkPlainWeights(node);
  const { name, inChannels, outChannels, groups, kernel, stride, padding, weights } = node;
  if (weights.format !== '8bit')
    throw refusal(
      name,
      `has ${weights.format} weights; the original's convolutions have 8bit. Export the model as C instead`,
    );
  if ([...kernel, ...stride, ...padding].join() !== '3,3,1,1,0,0')
    throw refusal(name, 'is not 3×3 with stride 1 and no padding, as the original has it');
  const depthwise = groups === inChannels && outChannels === inChannels;
  if (kind === 'depthwise' ? !depthwise : groups !== 1 || inChannels !== 1) {
    throw refusal(
      name,
      `maps ${inChannels} to ${outChannels} channels in ${groups} groups; the original has a ${kind === 'conv' ? 'convolution of one channel' : 'depthwise convolution'} here`,
    );
  }
}

function wrongKind(node: QuantizedNode, wanted: string): ExporterError {
  return refusal(node.name, `is a ${node.op}; the original has ${wanted} here`);
}

function refusal(layer: string, problem: string): ExporterError {
  return new ExporterError(
    'unsupported-node',
    `${layer === 'input' ? 'The input' : `Layer ${layer}`} ${problem}. To run this model elsewhere, export it as C (exportC) or .bnm.`,
    { layer },
  );
}

function layerBlock(label: string, node: HeaderLayer['node'], inputSize: number): string {
  const macros = (values: Record<string, string | number>) =>
    Object.entries(values).map(([name, value]) => `#define ${label}_${name} ${value}`.trimEnd());
  const spatial = (outputSize: number) => ({
    incoming_x: inputSize,
    incoming_y: inputSize,
    outgoing_x: outputSize,
    outgoing_y: outputSize,
  });
  const lines = [`// ${cComment(node.name)}`];
  switch (node.op) {
    case 'maxPool2d':
      lines.push(...macros({ active: '', type: 'MaxPool2d', pool_size: node.size[0], ...spatial(inputSize / 2) }));
      break;
    case 'conv2d': {
      const { inChannels, outChannels, groups } = node;
      lines.push(
        ...macros({
          active: '',
          type: 'BitConv2d',
          in_channels: inChannels,
          out_channels: outChannels,
          ...spatial(inputSize - 2),
        }),
        ...macros({ kernel_size: 3, stride: 1, padding: 0, groups, bitperweight: 8 }),
        `const int8_t ${label}_weights[] = {`,
        ...wrapValues(Array.from(integerWeights(node.weights.format, node.weights.codes), String)),
        '};',
      );
      break;
    }
    case 'linear': {
      const code = codeFor(node);
      const digits = code.storage === 'trits' ? 4 : 8;
      const words = packWords(code, node.weights.codes, node.outFeatures, node.inFeatures);
      lines.push(
        `// ${node.weights.format}, the first weight in the topmost bits`,
        ...macros({
          active: '',
          bitperweight: code.bitPerWeight,
          incoming_weights: headerInputs(code, node.inFeatures),
          outgoing_weights: node.outFeatures,
        }),
        `const ${code.storage === 'trits' ? 'uint16_t' : 'uint32_t'} ${label}_weights[] = {`,
        ...wrapValues(words.map((word) => `0x${word.toString(16).padStart(digits, '0')}`)),
        '};',
      );
      break;
    }
    default:
      throw unknownValue('node', node);
  }
  return `${lines.join('\n')}\n`;
}
