// Makes a format of a record, and refuses records that contradict themselves: everything that reads a record trusts it.
import { QuantError } from './errors.js';
import type { Encoding, FormatRecord, Packing } from './format-record.js';
import { unknownName } from './nearest-name.js';

const MOST_CODES = 256;
/** A group waits in a 32-bit word with up to seven bits of the one before. */
const MOST_GROUP_BITS = 25;
/** Levels are float32 numbers in the engines. */
const MOST_EXPONENT = 127;

/**
 * A format from its record.
 * @throws QuantError `invalid-format` where the record contradicts itself: lists that do not ascend or differ in length, levels that are not
 * those of its encoding, integers that are not the levels times `integerScale`, codes that its packing cannot hold
 *
 * @example
 * ```ts
 * import { defineFormat, getFormat } from '@bitnetmcu/quant';
 *
 * const mine = defineFormat({
 *   ...getFormat('2bitsym'),
 *   name: 'mine',
 *   description: 'Four levels of my own.',
 *   levels: Float64Array.of(-2, -0.5, 0.5, 2),
 *   integers: Int16Array.of(-4, -1, 1, 4),
 *   scaleNumerator: 2,
 *   encoding: { kind: 'nearest' },
 * });
 * ```
 */
export function defineFormat<const Name extends string>(record: FormatRecord<Name>): FormatRecord<Name> {
  const problem = problemOf(record);
  if (problem !== undefined) throw new QuantError('invalid-format', `Format "${record.name}" ${problem}.`);
  return record;
}

function problemOf(record: FormatRecord): string | undefined {
  return (
    problemOfLevels(record) ??
    problemOfEncoding(record) ??
    problemOfScales(record) ??
    problemOfPacking(record) ??
    problemOfBooks(record)
  );
}

function problemOfLevels({ levels, integers }: FormatRecord): string | undefined {
  if (!(levels.length >= 2 && levels.length <= MOST_CODES && integers.length === levels.length)) {
    return `has ${levels.length} levels and ${integers.length} integers; give 2 … ${MOST_CODES}, and as many of both`;
  }
  for (let code = 0; code < levels.length; code++) {
    if (!Number.isFinite(levels[code])) return `has the level ${levels[code]} of code ${code}; give a finite number`;
    if (code > 0 && !(levels[code]! > levels[code - 1]! && integers[code]! > integers[code - 1]!)) {
      return `does not ascend from code ${code - 1} to ${code}; sort its levels and integers`;
    }
  }
  return undefined;
}

function problemOfEncoding({ encoding, levels }: FormatRecord): string | undefined {
  const { kind } = encoding;
  if (!ENCODINGS.includes(kind)) {
    return `has an encoding that there is not: ${unknownName('encoding', String(kind), ENCODINGS)}`;
  }
  const encoded = encodedLevels(encoding);
  if (typeof encoded === 'string') return encoded;
  if (encoded === null) return undefined;
  const remedy = "give these levels, or the encoding { kind: 'nearest' }";
  if (encoded.length !== levels.length) {
    return `has ${levels.length} levels, and the encoding '${encoding.kind}' ${encoded.length}; ${remedy}`;
  }
  const wrong = encoded.findIndex((level, code) => level !== levels[code]);
  if (wrong < 0) return undefined;
  return `has the level ${levels[wrong]} of code ${wrong}, and the encoding '${encoding.kind}' ${encoded[wrong]}; ${remedy}`;
}

/** The levels that an encoding gives, null where it takes any, or what is wrong with it. */
function encodedLevels(encoding: Encoding): readonly number[] | null | string {
  const { kind } = encoding;
  switch (kind) {
    case 'uniform': {
      const { offset, min, max } = encoding;
      const count = max - min + 1;
      if (!((offset === 0 || offset === 0.5) && Number.isSafeInteger(min) && Number.isSafeInteger(max) && count >= 2)) {
        return `encodes from ${min} to ${max} with an offset of ${offset}; give integers min < max, and an offset of 0 or 0.5`;
      }
      if (count > MOST_CODES) return `encodes ${count} levels; give at most ${MOST_CODES}`;
      return Array.from({ length: count }, (_, code) => code + min + offset);
    }
    case 'sign':
      return [-1, 1];
    case 'power-of-two': {
      const { maxExponent } = encoding;
      if (!(Number.isInteger(maxExponent) && maxExponent >= 0 && maxExponent <= MOST_EXPONENT)) {
        return `encodes powers of two up to 2^${maxExponent}; give an integer 0 … ${MOST_EXPONENT}`;
      }
      const powers = Array.from({ length: maxExponent + 1 }, (_, exponent) => 2 ** exponent);
      return [...powers.map((power) => -power).reverse(), ...powers];
    }
    case 'nearest':
      return null;
    default:
      throw new Error(`the encoding ${kind satisfies never} was refused before`);
  }
}

const ENCODINGS: readonly Encoding['kind'][] = ['uniform', 'sign', 'power-of-two', 'nearest'];
const PACKINGS: readonly Packing['kind'][] = ['bits', 'radix'];

function problemOfScales({ levels, integers, integerScale, scaleNumerator }: FormatRecord): string | undefined {
  for (const [name, value] of Object.entries({ integerScale, scaleNumerator })) {
    if (!(value > 0 && Number.isFinite(value))) return `has the ${name} ${value}; give a positive number`;
  }
  const wrong = integers.findIndex(
    (integer, code) => !(Math.abs(integer - levels[code]! * integerScale) <= 0.5 + 1e-9),
  );
  if (wrong < 0) return undefined;
  return `has the integer ${integers[wrong]} for the level ${levels[wrong]} with an integerScale of ${integerScale}; give level · integerScale, rounded`;
}

function problemOfPacking({ levels, packing }: FormatRecord): string | undefined {
  const { kind, groupSize, groupBits, radix } = packing;
  if (!PACKINGS.includes(kind))
    return `has a packing that there is not: ${unknownName('packing', String(kind), PACKINGS)}`;
  const given = `packs ${groupSize} codes below ${radix} into ${groupBits} bits`;
  if (![groupSize, groupBits, radix].every((size) => Number.isSafeInteger(size) && size >= 1)) {
    return `${given}; give integers ≥ 1`;
  }
  if (kind === 'bits' && (groupSize !== 1 || radix !== 2 ** groupBits)) {
    return `${given}; the packing 'bits' has a groupSize of 1 and a radix of 2^groupBits`;
  }
  if (radix < levels.length || radix ** groupSize > 2 ** groupBits || groupBits > MOST_GROUP_BITS) {
    return `${given}; its ${levels.length} codes need a radix of as many, radix^codes ≤ 2^bits, and at most ${MOST_GROUP_BITS} bits`;
  }
  // Decoding multiplies a group by the radix in 32 bits.
  if (radix * 2 ** groupBits > 2 ** 32)
    return `${given}; radix · 2^bits is to be at most 2^32: make its groups smaller`;
  return undefined;
}

/** Of the tables that decoders of coded weights look words up in. */
const MOST_WORD_BITS = 5;

function problemOfBooks({ coded, integers }: FormatRecord): string | undefined {
  for (const lengths of coded?.books ?? []) {
    const isComplete = lengths.reduce((sum, length) => sum + 2 ** -length, 0) === 1;
    const isShort = lengths.every((length) => Number.isInteger(length) && length >= 1 && length <= MOST_WORD_BITS);
    if (lengths.length === integers.length && isComplete && isShort) continue;
    return `has a code book of the lengths ${lengths.join(', ')}; give one for each of its ${integers.length} codes, 1 … ${MOST_WORD_BITS} bits, with 2^−length that sum up to 1`;
  }
  return undefined;
}
