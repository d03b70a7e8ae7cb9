// The numbers that the C runtime can hold. What would not fit its field in a record is refused here, never cut off there.
import { RuntimeError } from '../errors.js';
import type { Fields, FieldType } from './step.js';

/** Counts in the C runtime are uint16_t. */
export const MAX_COUNT = 65_535;

/** The numbers that a field holds; undefined of those that hold places. */
const RANGES: Readonly<Record<FieldType, readonly [min: number, max: number] | undefined>> = {
  u8: [0, 255],
  u16: [0, MAX_COUNT],
  u32: [0, 2 ** 32 - 1],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  buffer: undefined,
  optionalBuffer: undefined,
  table: undefined,
};

/** What is said of a field, where its name is not enough. */
const WORDING: Readonly<Record<string, string>> = {
  n: 'values or outputs',
  groups: 'groups',
  groupInputs: 'input channels of a group',
  groupOutputs: 'output channels of a group',
  height: 'rows of its input',
  width: 'columns of its input',
  outHeight: 'rows of its output',
  outWidth: 'columns of its output',
  top: 'rows above what it cuts out',
  left: 'columns before what it cuts out',
  rowBytes: 'bytes of weights an output channel',
  inputs: 'inputs',
  outputs: 'outputs',
  channels: 'channels',
  records: 'steps',
  steps: 'steps a channel',
  ramBytes: 'bytes of buffers',
};

/** @throws RuntimeError `model-too-large` */
export function checkCount(node: string, what: string, count: number): void {
  if (count > MAX_COUNT) throw tooLarge(`Node "${node}"`, `${count} ${what}`, RANGES.u16!);
}

/**
 * Every number among fields by the type of its field.
 * @param who of whom they are: `Node "fc"`, or `The model`
 * @throws RuntimeError `model-too-large`
 */
export function checkFields(who: string, fields: Fields, values: Readonly<Record<string, unknown>>): void {
  for (const [name, type] of Object.entries(fields)) {
    const range = RANGES[type];
    if (range === undefined) continue;
    const value = values[name] as number;
    if (Number.isInteger(value) && value >= range[0] && value <= range[1]) continue;
    const wording = WORDING[name];
    throw tooLarge(who, wording === undefined ? `${value} as its ${name}` : `${value} ${wording}`, range);
  }
}

function tooLarge(who: string, found: string, [min, max]: readonly [number, number]): RuntimeError {
  const wanted = min === 0 ? `counts up to ${max}` : `holds ${min} to ${max} there`;
  return new RuntimeError('model-too-large', `${who} has ${found}; the C runtime ${wanted}. Make it smaller.`);
}
