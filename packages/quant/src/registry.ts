// The registry: every weight format by its name. To add a format, write its value, add its name in format.ts and its line here.
import { QuantError } from './errors.js';
import { FORMAT_NAMES, type FormatName, type WeightFormat } from './format.js';
import { binary, binarySymmetric } from './formats/binary.js';
import { fp130 } from './formats/fp130.js';
import { nf4 } from './formats/nf4.js';
import { fiveBitSymmetric, fourBitSymmetric, fourPointSixBit, twoBitSymmetric } from './formats/symmetric.js';
import { ternary } from './formats/ternary.js';
import { eightBit, fourBit } from './formats/twos-complement.js';
import { unknownName } from './nearest-name.js';

export const formats: Readonly<Record<FormatName, WeightFormat>> = {
  Binary: binary,
  BinarySym: binarySymmetric,
  Ternary: ternary,
  '2bitsym': twoBitSymmetric,
  '4bitsym': fourBitSymmetric,
  '4bit': fourBit,
  '4.6bit': fourPointSixBit,
  '5bitsym': fiveBitSymmetric,
  FP130: fp130,
  NF4: nf4,
  '8bit': eightBit,
};

/** Whether `name` is the name of a weight format (exact spelling). */
export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/**
 * The format of that name; a WeightFormat is returned as it is.
 * @throws QuantError `unknown-format`, naming the nearest known name.
 */
export function getFormat(format: string | WeightFormat): WeightFormat {
  if (typeof format === 'object') return format;
  if (isFormatName(format)) return formats[format];
  throw new QuantError('unknown-format', unknownName('weight format', format, FORMAT_NAMES));
}
