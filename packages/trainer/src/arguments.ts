// Arguments as callers without types may give them: refused with what was found, what is wanted and the nearest right name.
import { showIssues } from '@bitnetmcu/models/internal';
import { unknownMember, unknownName } from '@bitnetmcu/quant/internal';
import type { z } from 'zod';
import { TrainerError, type TrainerErrorCode } from './errors.js';

/**
 * A value with the defaults of its schema.
 * @param refusal the first line of the message: what cannot be done
 * @throws TrainerError `code`; one line an issue, with the path of the wrong key and the nearest right one.
 */
export function parseArgument<T extends z.ZodType>(
  schema: T,
  value: unknown,
  refusal: string,
  code: TrainerErrorCode = 'invalid-argument',
): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { lines } = showIssues(schema, value, result.error.issues);
  throw new TrainerError(code, `${refusal}:\n${lines.join('\n')}`);
}

/**
 * @param what what the options are of: `loadDataset`
 * @param known every option, as the compiler asks for them
 * @throws TrainerError `invalid-argument` for an option that there is not; names the nearest one
 */
export function requireOptions<T extends object>(
  what: string,
  options: T,
  known: { readonly [Name in keyof Required<T>]: true },
): void {
  if (typeof options !== 'object' || options === null) {
    throw new TrainerError('invalid-argument', `${what} got ${String(options)} as its options, an object wanted.`);
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new TrainerError('invalid-argument', unknownName(`option of ${what}`, unknown, Object.keys(known)));
}

/**
 * For the default of a switch that has a case for everything that its type allows: what a caller without types got there.
 * @param what what the switch tells apart, in the singular
 */
export function unknownValue(what: string, found: never): TrainerError {
  return new TrainerError('invalid-argument', unknownMember(what, found));
}
