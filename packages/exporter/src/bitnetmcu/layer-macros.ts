// Layers as a header describes them: the L<k>_… macros and tables gathered per layer, typed and checked, in order of k.
import { ExporterError } from '../errors.js';
import type { Declarations, Table } from './declarations.js';

export interface LinearLayer {
  readonly kind: 'linear';
  /** `L<k>`. */
  readonly label: string;
  readonly line: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly bitPerWeight: number;
  readonly table: Table;
}

export interface ConvLayer {
  readonly kind: 'conv';
  readonly label: string;
  readonly line: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  readonly kernel: number;
  /** [width, height], as the macros' _x and _y. */
  readonly incoming: readonly [number, number];
  readonly outgoing: readonly [number, number];
  readonly table: Table;
}

export interface PoolLayer {
  readonly kind: 'pool';
  readonly label: string;
  readonly line: number;
  readonly size: number;
  readonly incoming: readonly [number, number];
  readonly outgoing: readonly [number, number];
}

export type HeaderLayer = LinearLayer | ConvLayer | PoolLayer;

/** Everything a network has of sizes fits 16 bits; more is a damaged file. */
const LARGEST = 65_535;

const PROPERTIES = new Set([
  'active',
  'type',
  'in_channels',
  'out_channels',
  'incoming_x',
  'incoming_y',
  'outgoing_x',
  'outgoing_y',
  'kernel_size',
  'stride',
  'padding',
  'groups',
  'bitperweight',
  'incoming_weights',
  'outgoing_weights',
  'pool_size',
]);

/** Typed access to one layer's macros; every failure names the macro and its line. */
class LayerProperties {
  readonly label: string;
  readonly line: number;
  readonly #declarations: Declarations;

  constructor(label: string, line: number, declarations: Declarations) {
    this.label = label;
    this.line = line;
    this.#declarations = declarations;
  }

  has(property: string): boolean {
    return this.#declarations.macros.has(`${this.label}_${property}`);
  }

  /** An integer macro; without `fallback` it must be there. */
  integer(property: string, lowest: number, highest: number, fallback?: number): number {
    const name = `${this.label}_${property}`;
    const macro = this.#declarations.macros.get(name);
    if (!macro) {
      if (fallback !== undefined) return fallback;
      throw this.error(`${name} is missing; a layer of this kind needs it`, this.line);
    }
    if (typeof macro.value !== 'number' || macro.value < lowest || macro.value > highest) {
      throw this.error(
        `${name} is ${macro.value ?? 'empty'}; wanted an integer from ${lowest} to ${highest}`,
        macro.line,
      );
    }
    return macro.value;
  }

  /** A pair of _x and _y macros. */
  size(prefix: 'incoming' | 'outgoing'): readonly [number, number] {
    return [this.integer(`${prefix}_x`, 1, LARGEST), this.integer(`${prefix}_y`, 1, LARGEST)];
  }

  word(property: string): string | undefined {
    const macro = this.#declarations.macros.get(`${this.label}_${property}`);
    return typeof macro?.value === 'string' ? macro.value : undefined;
  }

  table(elementTypes: readonly string[]): Table {
    const name = `${this.label}_weights`;
    const table = this.#declarations.tables.get(name);
    if (!table) throw this.error(`the table ${name} is missing`, this.line);
    if (!elementTypes.includes(table.elementType)) {
      throw this.error(`${name} is of ${table.elementType}; wanted ${elementTypes.join(' or ')}`, table.line);
    }
    return table;
  }

  error(message: string, line: number): ExporterError {
    return new ExporterError('header-content', `Line ${line}: ${message}`, { line, layer: this.label });
  }
}

/**
 * Gathers the layers in order of their number.
 * @returns the layers and the names of L<k> macros that this importer does not know (the original's C code ignores unknown macros as well).
 * @throws ExporterError `header-content` naming the macro and its line.
 */
export function gatherLayers(declarations: Declarations): {
  readonly layers: readonly HeaderLayer[];
  readonly ignored: readonly string[];
} {
  const lines = new Map<number, number>();
  const ignored: string[] = [];
  for (const [name, { line }] of declarations.macros) {
    const match = /^L([0-9]{1,4})_([A-Za-z0-9_]+)$/.exec(name);
    if (!match) continue;
    if (PROPERTIES.has(match[2]!)) lines.set(Number(match[1]), Math.min(line, lines.get(Number(match[1])) ?? line));
    else ignored.push(name);
  }
  const layers = [...lines]
    .sort(([a], [b]) => a - b)
    .map(([number, line]) => readLayer(new LayerProperties(`L${number}`, line, declarations)));
  const used = new Set(layers.filter((layer) => layer.kind !== 'pool').map((layer) => `${layer.label}_weights`));
  for (const [name, table] of declarations.tables) {
    if (!used.has(name)) {
      throw new ExporterError(
        'header-content',
        `Line ${table.line}: the table ${name} belongs to no layer; only L<number>_weights are read`,
        { line: table.line },
      );
    }
  }
  return { layers, ignored };
}

function readLayer(properties: LayerProperties): HeaderLayer {
  const { label, line } = properties;
  if (!properties.has('active'))
    throw properties.error(`${label}_active is missing; a header defines it for every layer that runs`, line);
  const type = properties.word('type');
  if (type === 'MaxPool2d' || (type === undefined && properties.has('pool_size'))) {
    const size = properties.integer('pool_size', 2, 15);
    properties.integer('stride', size, size, size);
    return {
      kind: 'pool',
      label,
      line,
      size,
      incoming: properties.size('incoming'),
      outgoing: properties.size('outgoing'),
    };
  }
  if (type === 'BitConv2d' || (type === undefined && properties.has('kernel_size'))) {
    properties.integer('bitperweight', 8, 8);
    properties.integer('stride', 1, 1, 1);
    properties.integer('padding', 0, 0, 0);
    return {
      kind: 'conv',
      label,
      line,
      inChannels: properties.integer('in_channels', 1, LARGEST),
      outChannels: properties.integer('out_channels', 1, LARGEST),
      groups: properties.integer('groups', 1, LARGEST, 1),
      kernel: properties.integer('kernel_size', 1, 15),
      incoming: properties.size('incoming'),
      outgoing: properties.size('outgoing'),
      table: properties.table(['int8_t']),
    };
  }
  if (type !== undefined && type !== 'BitLinear' && type !== 'Linear') {
    throw properties.error(`${label}_type is ${type}; known types are BitLinear, BitConv2d and MaxPool2d`, line);
  }
  const bitPerWeight = properties.integer('bitperweight', 1, 255);
  return {
    kind: 'linear',
    label,
    line,
    inputs: properties.integer('incoming_weights', 1, LARGEST),
    outputs: properties.integer('outgoing_weights', 1, LARGEST),
    bitPerWeight,
    table: properties.table([bitPerWeight === 64 ? 'uint16_t' : 'uint32_t']),
  };
}
