// Tables and numbers that programs point to, as native/records.json defines them for C and TypeScript.
import type { Pair } from '@bitnetmcu/models/internal';
import tables from '../../../native/records.json';
import { TrainerError } from '../../errors.js';

type Enums = typeof tables.enums;
type Records = typeof tables.records;

/** Sizes that kernels are compiled for. */
export const { MAX_STAGES, CHUNK_SAMPLES } = tables.constants;

/** A number in the arena, or the words of a table within a table. */
export type RecordValues<Name extends keyof Records> = {
  readonly [Field in keyof Records[Name]]: number | readonly number[];
};

/** The number of a member of one of the engine's enumerations. @throws TrainerError `engine-mismatch` for one that it does not have. */
export function codeOf<Name extends keyof Enums>(name: Name, member: keyof Enums[Name] & string): number {
  const members: Readonly<Record<string, number>> = tables.enums[name];
  const code = Object.hasOwn(members, member) ? members[member] : undefined;
  if (code !== undefined) return code;
  throw new TrainerError(
    'engine-mismatch',
    `The ${name} '${member}' found, one of ${Object.keys(members).join(', ')} wanted: the compiled engine has no other; add it to native/records.json and to its kernel.`,
  );
}

/** The 32-bit words of a table in the arena. @throws TypeError where a table within is none: a bug of the plan. */
export function recordWords<Name extends keyof Records>(name: Name, values: RecordValues<Name>): number[] {
  return Object.entries<string>(tables.records[name]).flatMap(([field, type]) => {
    const value = (values as Readonly<Record<string, number | readonly number[]>>)[field];
    const words = typeof value === 'number' ? [value] : [...(value ?? [])];
    if (words.length !== wordCount(type)) {
      throw new TypeError(`${name}.${field} has ${words.length} words, ${wordCount(type)} wanted`);
    }
    return words;
  });
}

/** Kernel, stride and padding of a convolution, as tables have them. */
export function windowFields({ kernel, stride, padding }: { kernel: Pair; stride: Pair; padding: Pair }) {
  return {
    kernelHeight: kernel[0],
    kernelWidth: kernel[1],
    strideY: stride[0],
    strideX: stride[1],
    paddingY: padding[0],
    paddingX: padding[1],
  };
}

function wordCount(type: string): number {
  const fields: Readonly<Record<string, string>> | undefined = Object.hasOwn(tables.records, type)
    ? tables.records[type as keyof Records]
    : undefined;
  return fields === undefined ? 1 : Object.values(fields).reduce((sum, field) => sum + wordCount(field), 0);
}
