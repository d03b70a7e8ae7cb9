// Damaged ONNX files: bytes changed anywhere, or the structure changed and encoded again, so that damage reaches behind the decoder.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type GraphProto, type ModelProto, ModelProtoSchema } from 'onnx-buf';

type Random = () => number;

const EXTREMES = [0n, 1n, -1n, 2n, 7n, 255n, 65_536n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 40n, 2n ** 62n, -(2n ** 63n)];

/** One damaged copy. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  return random() < 0.5 ? mutateBytes(bytes, random) : mutateStructure(bytes, random);
}

function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const integer = (limit: number) => Math.floor(random() * limit);
  let copy = bytes.slice();
  const changes = 1 + integer(8);
  // Half of the changes near the ends, where the structure is; weights fill the middle.
  const place = () => {
    const near = integer(Math.min(1500, copy.length));
    return random() < 0.5 ? integer(copy.length) : random() < 0.5 ? near : copy.length - 1 - near;
  };
  for (let c = 0; c < changes && copy.length > 1; c++) {
    const at = place();
    const kind = integer(6);
    if (kind === 0) copy[at] = copy[at]! ^ (1 << integer(8));
    else if (kind === 1) copy[at] = integer(256);
    else if (kind === 2) copy[at] = 0xff;
    else if (kind === 3 && random() < 0.3) copy = copy.slice(0, at);
    else if (kind === 4) copy.copyWithin(at, integer(copy.length), at + 1 + integer(40));
    else if (kind === 5) copy.set([0xff, 0xff, 0xff, 0xff, 0x0f].slice(0, copy.length - at), at);
  }
  return copy;
}

function mutateStructure(bytes: Uint8Array, random: Random): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  const changes = 1 + Math.floor(random() * 3);
  for (let c = 0; c < changes; c++) mutateGraph(model, model.graph!, random);
  return toBinary(ModelProtoSchema, model);
}

const OPERATORS =
  'Expand ConstantOfShape Pad Concat Gather Slice Transpose Where ReduceMax MaxPool AveragePool Conv MatMul Gemm Loop LSTM Sigmoid Reshape Softmax'.split(
    ' ',
  );

function mutateGraph(model: ModelProto, graph: GraphProto, random: Random): void {
  const integer = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T | undefined => values[integer(values.length)];
  const extreme = () => (random() < 0.7 ? pick(EXTREMES)! : BigInt(integer(40) - 8));
  const node = pick(graph.node);
  const tensor = pick(graph.initializer);
  const attribute = node && pick(node.attribute);
  const names = [...graph.node.flatMap(({ output }) => output), ...graph.initializer.map(({ name }) => name)];
  switch (integer(12)) {
    case 0:
      if (attribute && attribute.ints.length > 0) attribute.ints[integer(attribute.ints.length)] = extreme();
      return;
    case 1:
      if (attribute) attribute.i = extreme();
      return;
    case 2:
      if (attribute) attribute.type = integer(16);
      return;
    case 3:
      if (node && node.input.length > 0) node.input[integer(node.input.length)] = pick(names) ?? '';
      return;
    case 4:
      if (node) node.opType = pick(OPERATORS)!;
      return;
    case 5:
      if (tensor && tensor.dims.length > 0) tensor.dims[integer(tensor.dims.length)] = extreme();
      return;
    case 6:
      if (tensor) tensor.dataType = integer(24);
      return;
    case 7:
      // Shapes and axes live in int64 initializers.
      if (tensor && tensor.dataType === 7 && tensor.rawData.length >= 8) {
        const at = 8 * integer(tensor.rawData.length / 8);
        new DataView(tensor.rawData.buffer, tensor.rawData.byteOffset).setBigInt64(at, extreme(), true);
      }
      return;
    case 8: {
      const type = pick(graph.input)?.type?.value;
      const dimension = type?.case === 'tensorType' ? pick(type.value.shape?.dim ?? []) : undefined;
      if (dimension) dimension.value = { case: 'dimValue', value: extreme() };
      return;
    }
    case 9:
      if (tensor) tensor.rawData = tensor.rawData.map(() => integer(256));
      return;
    case 10:
      graph.node.splice(integer(graph.node.length), 1);
      return;
    default:
      if (model.opsetImport[0]) model.opsetImport[0].version = BigInt(9 + integer(15));
  }
}
