// What a step of a program is: one kernel call on buffers, and its record in an image. Each kind of step is one definition; images, the
// header that C reads them by, and the plan of buffers are made from these.
import type { TensorType } from '@bitnetmcu/models/internal';

/** A piece of memory that steps read and write. `input` and `logits` belong to the caller, all others get a place in ram. */
export interface Buffer {
  readonly place: 'ram' | 'input' | 'logits';
  bytes: number;
  /** Set where it is part of another buffer of ram, so many bytes behind its start. */
  within?: { readonly buffer: Buffer; readonly at: number };
}

/** What every step has. */
export interface OnBuffers {
  /** The model's node that the step computes; of a step that computes several nodes, the last of them. */
  readonly node: string;
  readonly x: Buffer;
  readonly y: Buffer;
}

/** A step whose own fields only its definition knows. */
export interface AnyStep extends OnBuffers {
  readonly op: string;
}

/** A field of a record: a number, the place of a buffer, of a buffer that there may be, or of a table behind the records (0: none). */
export type FieldType = 'u8' | 'u16' | 'u32' | 'i32' | 'buffer' | 'optionalBuffer' | 'table';
/** In order; each lies at the next multiple of its size. */
export type Fields = Readonly<Record<string, FieldType>>;
type FieldValue<T> = T extends 'buffer'
  ? Buffer
  : T extends 'optionalBuffer'
    ? Buffer | undefined
    : T extends 'table'
      ? Uint8Array | undefined
      : number;
/** What a writer gives for each field. */
export type FieldValues<F extends Fields> = { readonly [K in keyof F]: FieldValue<F[K]> };

/** A kind of step. S is its step, F what its records hold behind their head (op, words, n, x, y). */
export interface StepDefinition<S extends AnyStep, F extends Fields = Fields> {
  /** The name of its record in C: the prefix of the functions that read its fields. */
  readonly record: string;
  /** Its operations, by their names in C without BNM_OP_: more than one where element types have kernels of their own. */
  readonly numbers: Readonly<Record<string, number>>;
  /** What n counts and what the record is for, in a line. */
  readonly comment: string;
  readonly fields: F;
  /** Which of its operations a step is. */
  number(step: S): number;
  /** What stands in n; 0 where the fields say it all. */
  n(step: S): number;
  values(step: S): FieldValues<F>;
  /** The types of what it reads and writes. */
  elements(step: S): { readonly x: TensorType; readonly y: TensorType };
}

export const ELEMENT_BYTES: Readonly<Record<TensorType, number>> = { int8: 1, int32: 4 };

/** Constant tables of a layer as they will stand in the image. */
export interface LayerTables {
  /** Which kernel reads the weights: BNM_KERNEL_* of c/include/bnm_kernels.h. */
  readonly kernel: number;
  readonly weights: Uint8Array;
  readonly outputShifts: Uint8Array | undefined;
  readonly bias: Int32Array | undefined;
}

/** The last fields of a record with weights. */
export const TABLE_FIELDS = { weights: 'table', outputShifts: 'table', bias: 'table' } as const;

export function tableValues({ weights, outputShifts, bias }: LayerTables): FieldValues<typeof TABLE_FIELDS> {
  return { weights, outputShifts, bias: bias && littleEndian(bias) };
}

function littleEndian(values: Int32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setInt32(4 * i, value, true);
  });
  return bytes;
}
