// Programs: lists of fixed-size operations, as native/ops.json defines them for C and TypeScript.
import { ACTIVATION_NAMES } from '@bitnetmcu/models/internal';
import ops from '../../../native/ops.json';
import tables from '../../../native/records.json';
import { TrainerError } from '../../errors.js';

type Ops = typeof ops;
export type OpName = keyof Ops;
/** Operands of one operation: offsets (floats from the start of the arena, 0 = none), integers and floats. */
export type Operands<Name extends OpName> = { readonly [Operand in keyof Ops[Name]]: number };

/** FNV-1a over all that programs hold numbers of: an engine that was built from other tables would read them wrongly. */
export function opsVersion(): number {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify([ops, tables, ACTIVATION_NAMES]))
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

/** 32-bit words of one operation; scripts/engine-headers.mjs has the same number. */
const OP_WORDS = 24;
/** A size operand that stands for the number of samples in the current batch. */
export const BATCH = -1;

export interface Op<Name extends OpName = OpName> {
  readonly name: Name;
  readonly operands: Operands<Name>;
}

const opCodes = new Map(Object.keys(ops).map((name, i) => [name, i + 1]));

/** @throws TypeError where an operand is missing or no number: a bug of the plan. */
export function encodeProgram(program: readonly Op[]): Int32Array {
  const words = new Int32Array(program.length * OP_WORDS);
  const floats = new Float32Array(words.buffer);
  program.forEach(({ name, operands }, i) => {
    let word = i * OP_WORDS;
    words[word++] = opCodes.get(name)!;
    for (const [operand, type] of Object.entries(ops[name])) {
      const value = (operands as Readonly<Record<string, number>>)[operand];
      if (typeof value !== 'number' || Number.isNaN(value)) {
        throw new TypeError(`Operation ${name} has no number for ${operand}: ${value}`);
      }
      if (type === 'float') floats[word++] = value;
      else words[word++] = value;
    }
  });
  return words;
}

/**
 * What an engine says after a run.
 * @param op the operation that it could not run, 0 where there was none; `code` the number in it that it does not know.
 * @throws TrainerError `engine-mismatch`
 */
export function requireAccepted(op: number, code: number): void {
  if (op === 0) return;
  const name = Object.keys(ops)[op - 1];
  throw new TrainerError(
    'engine-mismatch',
    name === undefined
      ? `The program has an operation of number ${op}, which the compiled engine does not have: build the package again.`
      : `The operation ${name} has a code ${code} that the compiled engine does not have: build the package again.`,
  );
}
