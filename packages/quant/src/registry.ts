// The registry: every weight format, in the order of tables. To add a format, write its record in formats/ and its line here.
import { QuantError } from './errors.js';
import type { FormatRecord } from './format-record.js';
import { twoBitSymmetric } from './formats/2bitsym.js';
import { threeBitSymmetric } from './formats/3bitsym.js';
import { fourPointSixBit } from './formats/4.6bit.js';
import { fourBit } from './formats/4bit.js';
import { fourBitSymmetric } from './formats/4bitsym.js';
import { fiveBitSymmetric } from './formats/5bitsym.js';
import { eightBit } from './formats/8bit.js';
import { binary } from './formats/binary.js';
import { binarySymmetric } from './formats/binarysym.js';
import { fp130 } from './formats/fp130.js';
import { nf4 } from './formats/nf4.js';
import { ternary } from './formats/ternary.js';
import { unknownName } from './nearest-name.js';

const REGISTERED = [
  binary,
  binarySymmetric,
  ternary,
  twoBitSymmetric,
  threeBitSymmetric,
  fourBitSymmetric,
  fourBit,
  fourPointSixBit,
  fiveBitSymmetric,
  fp130,
  nf4,
  eightBit,
] as const;

/** Name of a weight format that can be exported. */
export type FormatName = (typeof REGISTERED)[number]['name'];

/** A registered weight format. */
export type WeightFormat = FormatRecord<FormatName>;

/**
 * Names of the weight formats that can be exported, in the order of the documentation's tables.
 *
 * @example
 * ```ts
 * import { FORMAT_NAMES, getFormat } from '@bitnetmcu/quant';
 *
 * for (const name of FORMAT_NAMES) console.log(name, getFormat(name).levels.length); // Binary 2, BinarySym 2, Ternary 3, …
 * ```
 */
export const FORMAT_NAMES: readonly [FormatName, ...FormatName[]] = [
  REGISTERED[0].name,
  ...REGISTERED.slice(1).map(({ name }) => name),
];

/**
 * Every weight format by its name.
 *
 * @example
 * ```ts
 * import { formats } from '@bitnetmcu/quant';
 *
 * console.log(formats['4bitsym'].integers); // −15, −13 … 13, 15
 * ```
 */
export const formats = Object.fromEntries(REGISTERED.map((format) => [format.name, format])) as Readonly<
  Record<FormatName, WeightFormat>
>;

/** Whether `name` is the name of a weight format (exact spelling). */
export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/**
 * The format of that name; a format, also one's own (defineFormat), is returned as it is.
 * @throws QuantError `unknown-format`, naming the nearest known name.
 *
 * @example
 * ```ts
 * import { getFormat } from '@bitnetmcu/quant';
 *
 * const { levels, integers } = getFormat('2bitsym');
 * console.log(levels, integers); // −1.5 −0.5 0.5 1.5, and −3 −1 1 3
 * ```
 */
export function getFormat(format: string | WeightFormat): WeightFormat;
export function getFormat(format: string | FormatRecord): FormatRecord;
export function getFormat(format: string | FormatRecord): FormatRecord {
  if (typeof format === 'object' && format !== null) return format;
  if (typeof format === 'string' && isFormatName(format)) return formats[format];
  throw new QuantError('unknown-format', unknownName('weight format', String(format), FORMAT_NAMES));
}
