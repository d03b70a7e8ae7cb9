// An ONNX file's bytes → OnnxGraph: decoded, checked for versions and names, with its tensors loaded.
import { fromBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { ExporterError } from '../../errors.js';
import { MAX_ONNX_BYTES, MAX_ONNX_NODES } from '../../limits.js';
import type { AttributeValue, OnnxGraph, OnnxNode, OnnxValue } from '../ir/graph.js';
import { DATA_TYPES } from '../ir/ops/constant.js';
import type { Tensor } from '../ir/tensor.js';
import { classifierEnd, nodesUpTo } from './classifier-outputs.js';
import type { ExternalReader } from './external-data.js';
import { expandMlOperators } from './ml-operators.js';
import { readTensor } from './read-tensor.js';
import { topologicalOrder } from './topological-order.js';
import { notOnnx, requireModestStructure } from './wire-limits.js';

/** Versions of ONNX's operator set whose meaning was checked against ONNX Runtime. */
export const OPSETS = { first: 11, last: 28 } as const;

/**
 * Reads a model.
 * @param readExternal for tensors in other files; without it such tensors are refused.
 * @throws ExporterError `onnx` (damaged), `onnx-unsupported` (version, data type, local functions), `onnx-limit`, `onnx-external-data`.
 *
 * @example
 * ```ts
 * import { readOnnx } from '@bitnetmcu/exporter';
 *
 * const graph = await readOnnx(bytes);
 * console.log(graph.inputs, graph.nodes.length);
 * ```
 */
export async function readOnnx(bytes: Uint8Array, readExternal?: ExternalReader): Promise<OnnxGraph> {
  if (bytes.length > MAX_ONNX_BYTES) {
    throw new ExporterError('onnx-limit', `The ONNX file has ${bytes.length} bytes, at most ${MAX_ONNX_BYTES} wanted`);
  }
  const model = decode(bytes);
  const opset = opsetOf(model);
  if (!model.graph) throw new ExporterError('onnx', 'The file has no graph; it is damaged or not an ONNX model');
  if (model.functions.length > 0) {
    throw new ExporterError(
      'onnx-unsupported',
      `The model has local functions (${model.functions
        .slice(0, 5)
        .map(({ name }) => name)
        .join(
          ', ',
        )}), which are not supported; run onnx.inliner.inline_local_functions on it, or export with a newer PyTorch`,
    );
  }
  return readGraph(model.graph, opset, `${model.producerName} ${model.producerVersion}`.trim(), readExternal);
}

/** TensorProto.DataType of text. */
const STRING = 8;

function decode(bytes: Uint8Array): ModelProto {
  requireModestStructure(bytes, ModelProtoSchema);
  try {
    return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
  } catch (error) {
    throw notOnnx(error);
  }
}

function opsetOf(model: ModelProto): number {
  const own = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  const version = Number(own?.version ?? 0);
  if (version < OPSETS.first || version > OPSETS.last) {
    throw new ExporterError(
      'onnx-unsupported',
      `The model uses ${own ? `opset ${version}` : "no version of ONNX's operator set"}; opsets ${OPSETS.first} to ${OPSETS.last} are supported: export with opset_version=18 or run onnx.version_converter`,
    );
  }
  return version;
}

async function readGraph(
  graph: GraphProto,
  opset: number,
  producer: string,
  readExternal: ExternalReader | undefined,
): Promise<OnnxGraph> {
  if (graph.node.length > MAX_ONNX_NODES) {
    throw new ExporterError('onnx-limit', `The graph has ${graph.node.length} nodes, at most ${MAX_ONNX_NODES} wanted`);
  }
  if (graph.sparseInitializer.length > 0) {
    throw new ExporterError(
      'onnx-unsupported',
      'The model has sparse initializers, which are not supported; store them dense',
    );
  }
  const initializers = new Map<string, Tensor>();
  const texts = new Map<string, readonly string[]>();
  for (const proto of graph.initializer) {
    if (proto.name === '' || initializers.has(proto.name) || texts.has(proto.name)) {
      throw new ExporterError('onnx', `Two initializers are named ${JSON.stringify(proto.name)}; the file is damaged`);
    }
    // Names of classes.
    if (proto.dataType === STRING)
      texts.set(
        proto.name,
        proto.stringData.map((bytes) => new TextDecoder().decode(bytes)),
      );
    else initializers.set(proto.name, await readTensor(proto, readExternal));
  }
  const nodes: OnnxNode[] = [];
  for (const proto of graph.node) nodes.push(await readNode(proto, nodes.length, readExternal));
  const inputs = graph.input.filter(({ name }) => !initializers.has(name) && !texts.has(name)).map(readValue);
  requireSingleAssignment(inputs, initializers, nodes);
  if (graph.output.length === 0) throw new ExporterError('onnx', 'The graph has no output; the file is damaged');
  const names = graph.output.map(({ name }) => name);
  const end = classifierEnd({ nodes, outputs: names, constants: initializers, texts });
  const outputs = end
    ? [{ name: end.output, type: 'float32' as const, shape: undefined }]
    : graph.output.map(readValue);
  const expanded = expandMlOperators(end ? nodesUpTo(nodes, end.output) : nodes);
  for (const [name, tensor] of expanded.constants) initializers.set(name, tensor);
  return {
    ...{ name: graph.name, opset, inputs, outputs, initializers, producer },
    nodes: topologicalOrder(expanded.nodes),
    ...(end?.classes && { classes: end.classes }),
  };
}

async function readNode(proto: NodeProto, index: number, readExternal: ExternalReader | undefined): Promise<OnnxNode> {
  const attributes = new Map<string, AttributeValue>();
  const unreadAttributes: string[] = [];
  for (const attribute of proto.attribute) {
    const value = await readAttribute(attribute, readExternal);
    if (value === undefined) unreadAttributes.push(attribute.name);
    else attributes.set(attribute.name, value);
  }
  return {
    name: proto.name || proto.output[0] || `node ${index}`,
    operator: proto.opType,
    domain: isOwnDomain(proto) ? '' : proto.domain,
    inputs: proto.input,
    outputs: proto.output,
    attributes,
    unreadAttributes,
  };
}

/**
 * Whether an operator is ONNX's own. ONNX Runtime writes QuantizeLinear and DequantizeLinear of its domain where the opset's own ones do
 * not have a type yet (4 and 16 bit below opset 21); they mean the same.
 */
function isOwnDomain({ domain, opType }: NodeProto): boolean {
  if (domain === '' || domain === 'ai.onnx') return true;
  return domain === 'com.microsoft' && (opType === 'QuantizeLinear' || opType === 'DequantizeLinear');
}

/** By AttributeProto.AttributeType; undefined for kinds that no operator here reads. */
async function readAttribute(
  proto: AttributeProto,
  readExternal: ExternalReader | undefined,
): Promise<AttributeValue | undefined> {
  if (proto.refAttrName !== '') return undefined;
  switch (proto.type as number) {
    case 1:
      return proto.f;
    case 2:
      return Number(proto.i);
    case 3:
      return new TextDecoder().decode(proto.s);
    case 4:
      return proto.t && readTensor(proto.t, readExternal);
    case 6:
      return proto.floats;
    case 7:
      return proto.ints.map(Number);
    case 8:
      return proto.strings.map((bytes) => new TextDecoder().decode(bytes));
    default:
      return undefined;
  }
}

function readValue(proto: ValueInfoProto): OnnxValue {
  const value = proto.type?.value;
  if (value?.case !== 'tensorType') {
    throw new ExporterError(
      'onnx-unsupported',
      `${proto.name} is ${value?.case ?? 'untyped'}; only tensors are supported`,
    );
  }
  const type = DATA_TYPES.get(value.value.elemType);
  if (type === undefined) {
    throw new ExporterError(
      'onnx-unsupported',
      `${proto.name} has the data type ${value.value.elemType}, which is not supported`,
    );
  }
  const shape = value.value.shape?.dim.map(({ value: dim }, axis) =>
    dim.case === 'dimValue' && dim.value > 0n
      ? Number(dim.value)
      : dim.case === 'dimParam' && dim.value
        ? dim.value
        : `dim${axis}`,
  );
  return { name: proto.name, type, shape };
}

function requireSingleAssignment(
  inputs: readonly OnnxValue[],
  initializers: ReadonlyMap<string, Tensor>,
  nodes: readonly OnnxNode[],
): void {
  const names = new Set(initializers.keys());
  for (const name of [...inputs.map((input) => input.name), ...nodes.flatMap(({ outputs }) => outputs)]) {
    if (name === '') continue;
    if (names.has(name)) throw new ExporterError('onnx', `The value ${name} is assigned twice; the file is damaged`);
    names.add(name);
  }
}
