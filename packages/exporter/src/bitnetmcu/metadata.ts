// What a BitNetMCU header has no place for (names, labels, preprocessing, provenance), as JSON in one macro that the original's C code never reads.

import type { Preprocessing, Provenance, QuantizedModel } from '@bitnetmcu/models';
import { preprocessingSchema } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES, type FormatName } from '@bitnetmcu/quant';
import { ExporterError } from '../errors.js';
import type { Declarations } from './declarations.js';

export const METADATA_MACRO = 'MODEL_METADATA';

export interface HeaderMetadata {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly preprocessing: Preprocessing;
  readonly labels: readonly string[];
  /** Names of the nodes in order. */
  readonly nodes: readonly string[];
  /** Weight formats of the layers with weights, in order: `Binary` and `BinarySym` share one code. */
  readonly formats: readonly FormatName[];
  readonly provenance: Provenance;
}

export function metadataOf(model: QuantizedModel): HeaderMetadata {
  return {
    name: model.name,
    inputShape: model.input.shape,
    preprocessing: model.input.preprocessing,
    labels: model.labels,
    nodes: model.nodes.map((node) => node.name),
    formats: model.nodes.flatMap((node) => ('weights' in node ? [node.weights.format] : [])),
    provenance: model.provenance,
  };
}

/** @throws ExporterError `header-content` where the macro is there but not what `metadataOf` writes. */
export function readMetadata(declarations: Declarations): HeaderMetadata | undefined {
  const macro = declarations.macros.get(METADATA_MACRO);
  if (!macro) return undefined;
  const fail = (found: string): never => {
    throw new ExporterError(
      'header-content',
      `Line ${macro.line}: ${METADATA_MACRO} ${found}; remove the line to import without names and labels`,
      { line: macro.line },
    );
  };
  let json: unknown;
  try {
    json = JSON.parse(String(macro.value));
  } catch {
    return fail('is not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return fail('is not a JSON object');
  const { name, inputShape, preprocessing, labels, nodes, formats, provenance } = json as Record<string, unknown>;
  const strings = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  if (typeof name !== 'string') return fail('has no name');
  if (!Array.isArray(inputShape) || !inputShape.every((size) => Number.isInteger(size)))
    return fail('has no inputShape');
  if (!strings(labels) || !strings(nodes)) return fail('has no labels or nodes');
  if (!strings(formats) || !formats.every((format) => (FORMAT_NAMES as readonly string[]).includes(format)))
    return fail('has no formats');
  if (typeof provenance !== 'object' || provenance === null || Array.isArray(provenance))
    return fail('has no provenance');
  const parsed = preprocessingSchema.safeParse(preprocessing);
  if (!parsed.success) return fail('has no valid preprocessing');
  return { name, inputShape, preprocessing: parsed.data, labels, nodes, formats: formats as FormatName[], provenance };
}
