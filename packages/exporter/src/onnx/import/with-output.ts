// An ONNX model with one more output: a value that it computes anyway.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  TensorProto_DataType,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/**
 * @param bytes of a model that readOnnx accepted
 * @param name of a float32 value of its graph
 */
export function withOutput(bytes: Uint8Array, name: string): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  const tensor = create(TypeProto_TensorSchema, { elemType: TensorProto_DataType.FLOAT });
  const type = create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } });
  model.graph!.output.push(create(ValueInfoProtoSchema, { name, type }));
  return toBinary(ModelProtoSchema, model);
}
