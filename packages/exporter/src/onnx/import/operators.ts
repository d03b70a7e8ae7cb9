// The operators that import knows: what each becomes and under which conditions; and what to use in the place of those that have no integer form.
import { MAX_MEAN_ELEMENTS, MAX_PADDING, MAX_WINDOW } from '@bitnetmcu/models/internal';
import type { OnnxNode } from '../ir/graph.js';
import { mapActivation } from './map-activation.js';
import { mapConv } from './map-convolution.js';
import { mapMove, mapPad } from './map-moves.js';
import {
  mapAdd,
  mapBatchNormalization,
  mapClip,
  mapDequantizeLinear,
  mapDiv,
  mapMax,
  mapMul,
  mapQuantizeLinear,
  mapRelu,
  mapSub,
} from './map-pointwise.js';
import { mapGlobalPool, mapPool, mapReduce } from './map-pools.js';
import { mapGemm, mapMatMul } from './map-weighted.js';
import type { Mapper, Refusal } from './mapper.js';

export interface OperatorMapping {
  readonly map: (mapper: Mapper, node: OnnxNode) => Refusal | undefined;
  /** For the documentation: what a node becomes … */
  readonly becomes: string;
  /** … and what must hold for it besides its inputs being layers; absent: nothing. */
  readonly where?: string;
}

const NOTHING = 'nothing';
const POOL_LIMITS = `no dilation; windows and strides up to ${MAX_WINDOW}`;
const MEAN_LIMITS = `windows of up to ${MAX_MEAN_ELEMENTS} values`;
const GLOBAL_LIMITS = `maps up to ${MAX_WINDOW}×${MAX_WINDOW}`;
const LOOKED_UP = 'an activation by a table of its values';
const MOVED = 'an order of weights, a flatten, or nothing';
const MOVE_LIMITS = 'what reads the result finds a layer’s maps, signals or vector in it; the batch stays in front';
const CONSTANT_PER_CHANNEL = 'one operand is constant: one number, or one a channel';

/** Operators that have an integer form, and how they get it. */
export const MAPPINGS: Readonly<Record<string, OperatorMapping>> = {
  Add: {
    map: mapAdd,
    becomes: 'a bias, or an addition of two layers',
    where: 'the other operand is constant (one number, or one a channel) or a layer of the same shape',
  },
  AveragePool: {
    map: mapPool,
    becomes: 'an average pool',
    where: `${POOL_LIMITS}; ${MEAN_LIMITS}; no ceil_mode with count_include_pad`,
  },
  BatchNormalization: {
    map: mapBatchNormalization,
    becomes: 'scale and bias of the layer before or behind it',
    where: 'constant statistics (export after `model.eval()`)',
  },
  Cast: { map: mapIdentity, becomes: NOTHING },
  Clip: {
    map: mapClip,
    becomes: 'a ReLU with a limit',
    where: 'constant bounds, the lower one 0; any between QuantizeLinear and DequantizeLinear',
  },
  Conv: {
    map: mapConv,
    becomes: 'a convolution',
    where: `constant weights; 1-D or 2-D; kernels (with dilation) and strides up to ${MAX_WINDOW}, padding up to ${MAX_PADDING}; any groups`,
  },
  DequantizeLinear: {
    map: mapDequantizeLinear,
    becomes: 'an int8 scale of the activations',
    where: 'behind a QuantizeLinear with the same scale and zero point; of constants: folded',
  },
  Div: {
    map: mapDiv,
    becomes: 'a scale of the layer before it',
    where: 'the divisor is constant: one number, or one a channel',
  },
  Dropout: { map: mapIdentity, becomes: NOTHING },
  Expand: { map: mapMove, becomes: MOVED, where: MOVE_LIMITS },
  Flatten: { map: mapMove, becomes: MOVED, where: MOVE_LIMITS },
  Gelu: { map: mapActivation, becomes: LOOKED_UP, where: 'exact or by tanh' },
  Gemm: { map: mapGemm, becomes: 'a linear layer', where: 'constant weights and bias, transA = 0' },
  GlobalAveragePool: { map: mapGlobalPool, becomes: 'an average pool', where: MEAN_LIMITS },
  GlobalMaxPool: { map: mapGlobalPool, becomes: 'a maximum pool', where: GLOBAL_LIMITS },
  HardSwish: { map: mapActivation, becomes: LOOKED_UP },
  Identity: { map: mapIdentity, becomes: NOTHING },
  LeakyRelu: { map: mapActivation, becomes: LOOKED_UP, where: 'any slope' },
  MatMul: {
    map: mapMatMul,
    becomes: 'a linear layer, or a 1×1 convolution',
    where: 'a constant matrix from the right; one row a sample, or a row a position of maps',
  },
  Max: { map: mapMax, becomes: 'a ReLU', where: 'of a layer and 0' },
  MaxPool: { map: mapPool, becomes: 'a maximum pool', where: POOL_LIMITS },
  Mul: { map: mapMul, becomes: 'a scale of the layer before it', where: CONSTANT_PER_CHANNEL },
  Pad: {
    map: mapPad,
    becomes: 'the padding of the convolution behind it',
    where: 'zeros around rows and columns',
  },
  QuantizeLinear: {
    map: mapQuantizeLinear,
    becomes: 'an int8 scale of the activations',
    where: 'one constant scale and zero point a tensor',
  },
  ReduceMax: {
    map: mapReduce,
    becomes: 'a maximum pool',
    where: `over all positions of a channel, ${GLOBAL_LIMITS}`,
  },
  ReduceMean: {
    map: mapReduce,
    becomes: 'an average pool',
    where: `over all positions of a channel, ${MEAN_LIMITS}`,
  },
  Relu: { map: (mapper, node) => mapRelu(mapper, node), becomes: 'a ReLU' },
  Reshape: { map: mapMove, becomes: MOVED, where: MOVE_LIMITS },
  Slice: { map: mapMove, becomes: 'a crop', where: 'a window of rows and columns of all channels' },
  Squeeze: { map: mapMove, becomes: MOVED, where: MOVE_LIMITS },
  Sub: { map: mapSub, becomes: 'a bias', where: CONSTANT_PER_CHANNEL },
  Transpose: { map: mapMove, becomes: MOVED, where: MOVE_LIMITS },
  Unsqueeze: { map: mapMove, becomes: MOVED, where: MOVE_LIMITS },
};

/** Operators that read integers between QuantizeLinear and DequantizeLinear. */
export const READ_INTEGERS: ReadonlySet<string> = new Set(
  'Clip DequantizeLinear Expand Flatten Identity Reshape Slice Squeeze Transpose Unsqueeze'.split(' '),
);

const SEQUENCE =
  'layers that remember or attend have no integer form; Conv is supported: cut the signal into windows and train 1-D convolutions';

/** What to use instead of operators that people often have. */
export const NEAREST: Readonly<Record<string, string>> = {
  ArgMax:
    'over the classes, at the end, it is supported: the network gives the logits, whose first largest is the class',
  Gather: 'the whole tensor, or a Slice of rows and columns of all channels, is supported',
  Softmax:
    'at the end it is left out, the class is the same; inside it is attention, which has no integer form: Conv is supported',
  PRelu: 'one slope for all channels is supported, and Relu and LeakyRelu',
  LayerNormalization: 'BatchNormalization is folded; RMS norm without learned gains is recognized in front of a layer',
  InstanceNormalization: 'BatchNormalization is folded',
  GroupNormalization: 'BatchNormalization is folded',
  LSTM: SEQUENCE,
  GRU: SEQUENCE,
  RNN: SEQUENCE,
  Attention: SEQUENCE,
  MultiHeadAttention: SEQUENCE,
  ConvTranspose: 'Conv is supported',
  Resize: 'Conv with a stride and pools are supported',
  Concat: 'Add of equal shapes is supported; layers side by side can become one layer with the channels of both',
  Split: 'grouped Conv is supported',
  QLinearConv: 'the QDQ form is supported: quantize with quant_format=QuantFormat.QDQ',
  QLinearMatMul: 'the QDQ form is supported: quantize with quant_format=QuantFormat.QDQ',
  ConvInteger: 'the QDQ form is supported: quantize with quant_format=QuantFormat.QDQ',
  MatMulInteger: 'the QDQ form is supported: quantize with quant_format=QuantFormat.QDQ',
  DynamicQuantizeLinear: 'static QDQ is supported, and dynamic max-abs quantization written in plain operators',
  If: 'export without control flow: trace the model instead of scripting it',
  Loop: 'export without control flow: trace the model instead of scripting it',
  Scan: 'export without control flow: trace the model instead of scripting it',
};
export const ANY_NEAREST = 'Conv, Gemm, MatMul, BatchNormalization, Relu, Clip, Add, pools and reshapes are supported';

function mapIdentity(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const input = mapper.value(node.inputs[0]!);
  return input && mapper.alias(node, input);
}
