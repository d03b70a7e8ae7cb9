// Single operators with the attributes that fixtures do not have, against ONNX Runtime.
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { int64, randomTensor, scalar } from '../../__fixtures__/build-graph.js';
import { readOnnx } from '../../import/read-model.js';
import { evaluateOnnx } from '../evaluate.js';
import type { Tensor } from '../tensor.js';

interface Case {
  readonly operator: string;
  readonly inputs: readonly Tensor[];
  readonly attributes?: Readonly<Record<string, number | string | readonly number[]>>;
  readonly opset?: number;
  readonly output?: number;
}

const FLOAT = 1;
const TYPES: Readonly<Record<string, number>> = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 };

/** A model of one node: x is the first input, the others are initializers. */
function modelOf({ operator, inputs, attributes = {}, opset = 18, output = FLOAT }: Case): Uint8Array {
  const tensorType = (elemType: number, shape: readonly number[]) => ({
    value: {
      case: 'tensorType' as const,
      value: {
        elemType,
        shape: { dim: shape.map((d) => ({ value: { case: 'dimValue' as const, value: BigInt(d) } })) },
      },
    },
  });
  const node = create(NodeProtoSchema, {
    opType: operator,
    input: inputs.map((_, i) => (i === 0 ? 'x' : `c${i}`)),
    output: ['y'],
    attribute: Object.entries(attributes).map(([name, value]) =>
      create(
        AttributeProtoSchema,
        typeof value === 'number'
          ? Number.isInteger(value)
            ? { name, type: 2, i: BigInt(value) }
            : { name, type: 1, f: value }
          : typeof value === 'string'
            ? { name, type: 3, s: Uint8Array.from(new TextEncoder().encode(value)) }
            : { name, type: 7, ints: value.map(BigInt) },
      ),
    ),
  });
  const initializer = inputs.slice(1).map(({ type, shape, data }, i) =>
    create(TensorProtoSchema, {
      name: `c${i + 1}`,
      dataType: TYPES[type]!,
      dims: shape.map(BigInt),
      ...(type === 'int64'
        ? { int64Data: Array.from(data, (v) => BigInt(v)) }
        : type === 'float32'
          ? { floatData: Array.from(data) }
          : { int32Data: Array.from(data) }),
    }),
  );
  const x = inputs[0]!;
  const graph = create(GraphProtoSchema, {
    name: 'g',
    node: [node],
    initializer,
    input: [create(ValueInfoProtoSchema, { name: 'x', type: tensorType(TYPES[x.type]!, x.shape) as never })],
    output: [
      create(ValueInfoProtoSchema, { name: 'y', type: { value: { case: 'tensorType', value: { elemType: output } } } }),
    ],
  });
  const model = { irVersion: 8n, graph, opsetImport: [create(OperatorSetIdProtoSchema, { version: BigInt(opset) })] };
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, model));
}

const x4 = randomTensor([2, 3, 7, 6], 1);
const matrix = randomTensor([4, 5], 2);
const int8 = (...values: number[]): Tensor => ({ type: 'int8', shape: [values.length], data: Int8Array.from(values) });
const perChannel = (values: readonly number[]): Tensor => ({
  type: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});

const CASES: readonly Case[] = [
  {
    operator: 'MaxPool',
    inputs: [x4],
    attributes: { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1], ceil_mode: 1 },
  },
  { operator: 'MaxPool', inputs: [x4], attributes: { kernel_shape: [2, 2], dilations: [2, 3] } },
  { operator: 'MaxPool', inputs: [x4], attributes: { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_LOWER' } },
  { operator: 'AveragePool', inputs: [x4], attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } },
  {
    operator: 'AveragePool',
    inputs: [x4],
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 },
  },
  { operator: 'AveragePool', inputs: [x4], attributes: { kernel_shape: [2, 3], strides: [2, 2], ceil_mode: 1 } },
  { operator: 'GlobalAveragePool', inputs: [x4] },
  { operator: 'GlobalMaxPool', inputs: [x4] },
  {
    operator: 'Conv',
    inputs: [x4, randomTensor([6, 1, 2, 3], 3), perChannel([1, 2, 3, 4, 5, 6])],
    attributes: { group: 3, dilations: [2, 1], strides: [1, 2], pads: [1, 2, 0, 1] },
  },
  {
    operator: 'Conv',
    inputs: [x4, randomTensor([2, 3, 4, 4], 4)],
    attributes: { auto_pad: 'SAME_UPPER', strides: [2, 2] },
  },
  { operator: 'MatMul', inputs: [randomTensor([2, 1, 3, 4], 5), randomTensor([5, 4, 2], 6)] },
  { operator: 'MatMul', inputs: [matrix, randomTensor([5], 7)] },
  { operator: 'MatMul', inputs: [randomTensor([4], 8), matrix] },
  {
    operator: 'Gemm',
    inputs: [matrix, randomTensor([4, 3], 9), randomTensor([1, 3], 10)],
    attributes: { transA: 1, alpha: 0.25, beta: 1.5 },
  },
  { operator: 'Add', inputs: [randomTensor([2, 1, 3], 11), randomTensor([4, 1], 12)] },
  { operator: 'Pow', inputs: [x4, scalar(3)] },
  { operator: 'Min', inputs: [x4, scalar(0.1), randomTensor([6], 13)] },
  { operator: 'Softmax', inputs: [x4], attributes: { axis: 1 }, opset: 13 },
  { operator: 'Softmax', inputs: [x4], attributes: { axis: 2 }, opset: 11 },
  { operator: 'LogSoftmax', inputs: [matrix] },
  { operator: 'LeakyRelu', inputs: [x4], attributes: { alpha: 0.125 } },
  { operator: 'HardSwish', inputs: [x4] },
  { operator: 'Gelu', inputs: [x4], opset: 20 },
  { operator: 'Gelu', inputs: [perChannel([-7, -4.5, -4.2, 0, 4.3, 9])], opset: 20 },
  { operator: 'Gelu', inputs: [x4], attributes: { approximate: 'tanh' }, opset: 20 },
  { operator: 'ReduceMean', inputs: [x4], attributes: { axes: [-1, 1], keepdims: 0 }, opset: 13 },
  { operator: 'ReduceMean', inputs: [x4, int64(2)], opset: 18 },
  { operator: 'ReduceSum', inputs: [x4, int64(0, -1)], attributes: { keepdims: 0 }, opset: 13 },
  { operator: 'ReduceProd', inputs: [x4, int64(0, -1)], attributes: { keepdims: 0 }, opset: 18 },
  { operator: 'ReduceL2', inputs: [x4], opset: 13 },
  { operator: 'ReduceMax', inputs: [matrix], attributes: { axes: [0] }, opset: 13 },
  { operator: 'Transpose', inputs: [x4], attributes: { perm: [2, 0, 3, 1] } },
  { operator: 'Slice', inputs: [x4, int64(-1, 1), int64(-100, 6), int64(2, 3), int64(-2, 2)] },
  { operator: 'Gather', inputs: [x4, int64(-1, 0, 2)], attributes: { axis: 1 } },
  { operator: 'Pad', inputs: [x4, int64(0, 0, 1, -1, 0, 1, 0, 2), scalar(0.5)] },
  { operator: 'Expand', inputs: [randomTensor([3, 1], 14), int64(2, 1, 4)] },
  { operator: 'Concat', inputs: [x4, randomTensor([2, 3, 2, 6], 15)], attributes: { axis: -2 } },
  { operator: 'Unsqueeze', inputs: [matrix, int64(0, -1)], opset: 13 },
  { operator: 'Squeeze', inputs: [randomTensor([1, 4, 1], 16)], opset: 13 },
  { operator: 'Round', inputs: [perChannel([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4999, 1e9])] },
  { operator: 'Clip', inputs: [x4, scalar(-0.2), scalar(0.1)] },
  { operator: 'Flatten', inputs: [x4], attributes: { axis: -2 } },
  { operator: 'Reshape', inputs: [x4, int64(0, -1, 2)] },
  {
    operator: 'QuantizeLinear',
    inputs: [randomTensor([3, 4], 17), perChannel([0.01, 0.1, 0.003]), int8(0, 5, -7)],
    attributes: { axis: 0 },
    output: 3,
  },
  {
    operator: 'DequantizeLinear',
    inputs: [{ type: 'int8', shape: [2, 3], data: Int8Array.of(-128, 5, 127, 0, -1, 64) }, perChannel([0.1, 0.2, 0.3])],
    attributes: { axis: 1 },
  },
  ...['Erf', 'HardSigmoid', 'Elu', 'Selu', 'Softplus', 'Sigmoid', 'Tanh'].map((operator) => ({
    operator,
    inputs: [perChannel([-30, -5, -2.5, -1, -0.1, 0, 0.1, 1, 2.5, 5, 30])],
  })),
  { operator: 'Mish', inputs: [perChannel([-30, -2, -0.5, 0, 0.5, 30])], opset: 18 },
  { operator: 'HardSigmoid', inputs: [perChannel([-3, -1, 1, 3])], attributes: { alpha: 1 / 6 } },
  { operator: 'PRelu', inputs: [perChannel([-3, -1, 0, 3]), perChannel([0.25])] },
  { operator: 'Cast', inputs: [perChannel([-1.7, 2.9, 0])], attributes: { to: 6 }, output: 6 },
];

describe('operators against ONNX Runtime', () => {
  it.each(CASES.map((entry) => [`${entry.operator} ${JSON.stringify(entry.attributes ?? {})}`, entry] as const))(
    '%s',
    async (_, entry) => {
      const bytes = modelOf(entry);
      const x = entry.inputs[0]!;
      const session = await ort.InferenceSession.create(bytes, {
        graphOptimizationLevel: 'disabled',
        logSeverityLevel: 4,
      });
      const expected = (await session.run({ x: new ort.Tensor(x.type as 'float32', x.data as Float32Array, x.shape) }))
        .y!;
      const ours = evaluateOnnx(await readOnnx(bytes), { x }).get('y')!;
      expect(ours.shape).toEqual(expected.dims);
      ours.data.forEach((value, i) => {
        const other = Number((expected.data as Float32Array)[i]);
        expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(other)));
      });
    },
  );
});
