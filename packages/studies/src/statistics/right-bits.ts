// Which samples a network has right, as text of a record: how many samples there are, a colon, their bits in base64.
import { StudyError } from '../errors.js';

/** @param right by sample: 1 right, 0 wrong. Bit i % 8 of byte i / 8 is sample i. */
export function packRight(right: Uint8Array): string {
  const bytes = new Uint8Array(Math.ceil(right.length / 8));
  right.forEach((value, i) => {
    if (value) bytes[i >> 3]! |= 1 << (i & 7);
  });
  return `${right.length}:${Buffer.from(bytes).toString('base64')}`;
}

/** @throws StudyError `invalid-records` for text that `packRight` did not make */
export function unpackRight(text: string): Uint8Array {
  const match = /^(\d{1,9}):([A-Za-z0-9+/]*={0,2})$/.exec(text);
  const count = Number(match?.[1]);
  const bytes = Buffer.from(match?.[2] ?? '', 'base64');
  if (match === null || bytes.length !== Math.ceil(count / 8)) {
    throw new StudyError(
      'invalid-records',
      `The answers of a run are ${text.length} characters that are no bits of its samples: a count, a colon and base64 wanted. Run it again.`,
    );
  }
  return Uint8Array.from({ length: count }, (_, i) => (bytes[i >> 3]! >> (i & 7)) & 1);
}
