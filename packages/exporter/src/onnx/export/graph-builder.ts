// Builds an ONNX graph node by node: names, constants, and the file's bytes at the end. It knows operators only as names.
import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/** Opset 17 with IR version 8 (ONNX 1.12): old enough for every runtime in use. */
const EXPORT_OPSET = 17;
const IR_VERSION = 8;

const TYPES = {
  bool: TensorProto_DataType.BOOL,
  float: TensorProto_DataType.FLOAT,
  double: TensorProto_DataType.DOUBLE,
  uint8: TensorProto_DataType.UINT8,
  int8: TensorProto_DataType.INT8,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
} as const;

export type ElementType = keyof typeof TYPES;

/** Attributes of a node: integers, lists of integers, or the element type of a Cast. */
export type Attributes = Readonly<Record<string, number | readonly number[] | ElementType>>;

/** A dimension: a size, or the name of one that is known when the graph runs. */
export type Dimension = number | string;

export class OnnxGraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers = new Map<string, TensorProto>();
  readonly #names = new Set<string>();
  #scope = '';

  /** Names of nodes and constants made from now on begin with this one. */
  set scope(name: string) {
    this.#scope = name;
  }

  /** Appends a node with one output and returns the output's name: `<scope>/<hint>`, with a number where that is taken. */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}, hint = operator): string {
    const name = this.#unique(hint);
    this.#append(operator, inputs, attributes, name);
    return name;
  }

  cast(input: string, type: ElementType, hint?: string): string {
    return this.node('Cast', [input], { to: type }, hint);
  }

  /** Gives a tensor the name of a graph output. Names of inputs and outputs have no scope and so collide with no other. */
  output(name: string, tensor: string): void {
    this.#append('Identity', [tensor], {}, name);
  }

  #append(operator: string, inputs: readonly string[], attributes: Attributes, name: string): void {
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: `${name}:${operator}`,
        opType: operator,
        input: [...inputs],
        output: [name],
        attribute: Object.entries(attributes).map(attribute),
      }),
    );
  }

  /** A constant tensor; equal small ones are stored once. */
  constant(type: ElementType, dims: readonly number[], values: ArrayLike<number>, hint = 'constant'): string {
    const rawData = rawBytes(type, values);
    const shared = values.length <= 16 ? `constant/${[type, ...dims, '', ...Array.from(values)].join('_')}` : undefined;
    const name = shared ?? this.#unique(hint);
    if (!this.#initializers.has(name)) {
      this.#initializers.set(
        name,
        create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: TYPES[type], rawData }),
      );
    }
    return name;
  }

  scalar(type: ElementType, value: number): string {
    return this.constant(type, [], [value]);
  }

  /** A one-dimensional int64 tensor: shapes, axes, positions. */
  ints(values: readonly number[]): string {
    return this.constant('int64', [values.length], values);
  }

  /** The model file. */
  finish(model: {
    readonly name: string;
    readonly documentation: string;
    readonly input: { readonly name: string; readonly type: ElementType; readonly dims: readonly Dimension[] };
    readonly output: { readonly name: string; readonly type: ElementType; readonly dims: readonly Dimension[] };
    readonly metadata: Readonly<Record<string, string>>;
  }): Uint8Array {
    const proto = create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(EXPORT_OPSET) })],
      producerName: '@bitnetmcu/exporter',
      docString: model.documentation,
      graph: create(GraphProtoSchema, {
        name: model.name,
        node: this.#nodes,
        initializer: [...this.#initializers.values()],
        input: [valueInfo(model.input)],
        output: [valueInfo(model.output)],
      }),
      metadataProps: Object.entries(model.metadata).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      ),
    });
    return toBinary(ModelProtoSchema, proto);
  }

  #unique(hint: string): string {
    for (let number = 0; ; number++) {
      const name = `${this.#scope}/${hint}${number === 0 ? '' : `_${number}`}`;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
  }
}

function attribute([name, value]: [string, number | readonly number[] | ElementType]): AttributeProto {
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(TYPES[value]) });
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) });
}

function valueInfo({
  name,
  type,
  dims,
}: {
  name: string;
  type: ElementType;
  dims: readonly Dimension[];
}): ValueInfoProto {
  const dim = dims.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof size === 'number' ? { case: 'dimValue', value: BigInt(size) } : { case: 'dimParam', value: size },
    }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: TYPES[type],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
}

/** Little-endian bytes, as ONNX stores them. */
function rawBytes(type: ElementType, values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const size = { bool: 1, float: 4, double: 8, uint8: 1, int8: 1, int32: 4, int64: 8 }[type];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (type === 'float') view.setFloat32(4 * i, value, true);
    else if (type === 'double') view.setFloat64(8 * i, value, true);
    else if (type === 'uint8' || type === 'bool') view.setUint8(i, value);
    else if (type === 'int8') view.setInt8(i, value);
    else if (type === 'int32') view.setInt32(4 * i, value, true);
    else view.setBigInt64(8 * i, BigInt(value), true);
  }
  return bytes;
}
