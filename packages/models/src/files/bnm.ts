// The .bnm file: a QuantizedModel in the container. The header is the model without its arrays; weights are packed as
// quant packs them (rows start on a byte) in the section `<node>.weights`, beside `<node>.outputShifts` and `<node>.bias`; `samples.inputs` and `samples.labels` hold the samples that it carries.
// Version 2 writes windows, strides and padding as pairs; version 1 is read too.
import { packCodes, unpackCodes } from '@bitnetmcu/quant';
import { packedRowBytes } from '@bitnetmcu/quant/internal';
import { ModelError } from '../errors.js';
import { isWeightedNode } from '../ops/index.js';
import type { KeptSamples, Provenance, QuantizedModel, QuantizedNode, QuantizedWeights } from '../quantized-model.js';
import { bnmHeaderSchema, type HeaderNode } from '../quantized-model-schema.js';
import { validateQuantizedModel, weightMatrix } from '../resolve-model.js';
import { parseWithSchema } from '../schema-issues.js';
import { upgradeVersion1 } from './bnm-version-1.js';
import {
  type ContainerFormat,
  type DecodedContainer,
  decodeContainer,
  encodeContainer,
  type SectionArray,
} from './container.js';

export const BNM_FORMAT: ContainerFormat = { magic: 'BNM1', version: 2, what: 'model file (.bnm)' };

/** Sections of the samples that a model carries; no node has any of these names. */
const SAMPLE_INPUTS = 'samples.inputs';
const SAMPLE_LABELS = 'samples.labels';

/**
 * The bytes of a `.bnm` file.
 * @throws ModelError what `validateQuantizedModel` throws.
 *
 * @example
 * ```ts
 * import { decodeBnm, encodeBnm } from '@bitnetmcu/models';
 *
 * const bytes = encodeBnm(model);
 * decodeBnm(bytes); // the same model
 * ```
 */
export function encodeBnm(model: QuantizedModel): Uint8Array {
  validateQuantizedModel(model);
  const sections = new Map<string, SectionArray>();
  const nodes = model.nodes.map((node) => {
    if (!isWeightedNode(node)) return node;
    const { rows, columns } = weightMatrix(node);
    const { format, codes, outputShifts, bias } = node.weights;
    sections.set(`${node.name}.weights`, packCodes(format, codes, rows, columns));
    if (outputShifts !== undefined) sections.set(`${node.name}.outputShifts`, outputShifts);
    if (bias !== undefined) sections.set(`${node.name}.bias`, bias);
    return { ...node, weights: { format, outputShifts: outputShifts !== undefined, bias: bias !== undefined } };
  });
  if (model.samples) {
    sections.set(SAMPLE_INPUTS, model.samples.inputs);
    if (model.samples.labels) sections.set(SAMPLE_LABELS, model.samples.labels);
  }
  const { name, input, output, labels, provenance } = model;
  return encodeContainer(BNM_FORMAT, {
    header: { name, input, nodes, ...(output && { output }), labels, provenance },
    sections,
  });
}

/**
 * Reads a `.bnm` file and validates it completely.
 * @throws ModelError what `decodeContainer` and `validateQuantizedModel` throw.
 *
 * @example
 * ```ts
 * import { decodeBnm } from '@bitnetmcu/models';
 *
 * const model = decodeBnm(new Uint8Array(await (await fetch('model.bnm')).arrayBuffer()));
 * console.log(model.name, model.labels);
 * ```
 */
export function decodeBnm(bytes: Uint8Array): QuantizedModel {
  const container = decodeContainer(BNM_FORMAT, bytes);
  const newest = container.version === 1 ? upgradeVersion1(container.header) : container.header;
  const header = parseWithSchema(bnmHeaderSchema, newest, 'header of this model file', 'invalid-file');
  const used = new Set<string>();
  const nodes = header.nodes.map((node) => decodeNode(node, container, used));
  const samples = keptSamples(container, used);
  const stray = [...container.sections.keys()].find((section) => !used.has(section));
  if (stray !== undefined)
    throw new ModelError('invalid-file', `The section '${stray}' of this model file belongs to no node.`);
  const model: QuantizedModel = {
    ...header,
    provenance: header.provenance as Provenance,
    nodes,
    ...(samples && { samples }),
  };
  validateQuantizedModel(model);
  return model;
}

/** Their number is checked with the model. */
function keptSamples(container: DecodedContainer, used: Set<string>): KeptSamples | undefined {
  if (!container.sections.has(SAMPLE_INPUTS)) return undefined;
  used.add(SAMPLE_INPUTS);
  const inputs = container.section(SAMPLE_INPUTS, 'i8');
  if (!container.sections.has(SAMPLE_LABELS)) return { inputs };
  used.add(SAMPLE_LABELS);
  return { inputs, labels: container.section(SAMPLE_LABELS, 'u16') };
}

function decodeNode(node: HeaderNode, container: DecodedContainer, used: Set<string>): QuantizedNode {
  if (!('weights' in node)) return node;
  const { format, outputShifts, bias } = node.weights;
  const { rows, columns } = weightMatrix(node);
  if (!Number.isInteger(columns)) {
    throw new ModelError(
      'shape-mismatch',
      `Node '${node.name}' (${node.op}) has groups that do not divide its channels.`,
    );
  }
  const section = <D extends 'u8' | 'i32'>(part: string, dtype: D, length: number): SectionArray<D> => {
    used.add(`${node.name}.${part}`);
    return container.section(`${node.name}.${part}`, dtype, length);
  };
  // The section's length is checked before codes are allocated: at most 8 codes a byte.
  const packed = section('weights', 'u8', rows * packedRowBytes(format, columns));
  const weights: QuantizedWeights = {
    format,
    codes: unpackCodes(format, packed, rows, columns),
    ...(outputShifts ? { outputShifts: section('outputShifts', 'u8', rows) } : {}),
    ...(bias ? { bias: section('bias', 'i32', rows) } : {}),
  };
  return { ...node, weights };
}
