// Const tables as C source: hexadecimal bytes, wrapped, with the layer that they belong to above them.
import type { LinearKernel } from '@bitnetmcu/mcu-runtime/internal';
import type { QuantizedWeights } from '@bitnetmcu/models/internal';
import { wrapValues } from './c-text.js';

/** A table in flash that the runtime reads: BNM_PROGMEM places it on AVR. */
function table(type: string, name: string, values: readonly string[]): string {
  return `static const ${type} ${name}[${values.length}] BNM_PROGMEM = {\n${wrapValues(values).join('\n')}\n};\n`;
}

/** The lowest int32 has no literal in C: its absolute value is none. */
export function int32Literal(value: number): string {
  return value === -(2 ** 31) ? 'INT32_MIN' : `${value}`;
}

/** The tables of one layer: packed weights and, where it has them, output shifts and bias. `layer` is what `cComment` gives. */
export function layerTables(
  identifier: string,
  layer: string,
  shape: string,
  weights: Uint8Array,
  element: LinearKernel['element'],
  { format, outputShifts, bias }: QuantizedWeights,
): string[] {
  const parts = [
    `/* ${layer}: ${shape}, ${format}, ${weights.length} bytes */\n${table(element, `${identifier}_weights`, hexadecimal(weights, element))}`,
  ];
  if (outputShifts) parts.push(table('uint8_t', `${identifier}_shifts`, Array.from(outputShifts, String)));
  if (bias) parts.push(table('int32_t', `${identifier}_bias`, Array.from(bias, int32Literal)));
  return parts;
}

/** The table of a `lookup`. `layer` is what `cComment` gives. */
export function lookupTable(identifier: string, layer: string, values: Int8Array): string {
  return `/* ${layer}: a value for each int8, ${values.length} bytes */\n${table('int8_t', `${identifier}_table`, Array.from(values, String))}`;
}

/** The weights of a chain of convolutions, as bnm_conv_chain describes them. `layers` is what `cComment` gives. */
export function chainTable(identifier: string, layers: string, weights: Uint8Array): string {
  return `/* ${layers}: int8, ${weights.length} bytes */\n${table('uint32_t', `${identifier}_weights`, hexadecimal(weights, 'uint32_t'))}`;
}

/** Bytes as elements; words are little-endian, as every target of the fast kernels is. */
function hexadecimal(bytes: Uint8Array, element: LinearKernel['element']): string[] {
  const hex = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`;
  if (element === 'uint8_t') return Array.from(bytes, (byte) => hex(byte, 2));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => `${hex(view.getUint32(4 * i, true), 8)}u`);
}
