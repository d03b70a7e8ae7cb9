// What must not reach a terminal or a picture: written out as ranges of code points, not taken from the code under test.

const RANGES = [
  // Controls but line feed, C1, soft hyphen, Arabic letter mark.
  ...[[0, 9], [0xb, 0x1f], [0x7f, 0x9f], [0xad, 0xad], [0x61c, 0x61c]],
  // Zero width, directions, separators, word joiner and its like, byte order mark, lone surrogates, noncharacters.
  ...[[0x200b, 0x200f], [0x2028, 0x202e], [0x2060, 0x206f], [0xfeff, 0xfeff], [0xd800, 0xdfff], [0xfffe, 0xffff]],
] as const;

/** A class of characters, by its ranges. */
const classOf = (ranges: readonly (readonly number[])[]) =>
  `[${ranges.map((range) => range.map((code) => `\\u{${code.toString(16)}}`).join('-')).join('')}]`;

/** Whatever is unseen or obeyed by a terminal. */
export const UNSEEN = new RegExp(classOf(RANGES), 'u');

/** Sequences that set colours and weights. */
export const STYLE = new RegExp(`${classOf([[0x1b, 0x1b]])}\\[([0-9;]*)m`, 'gu');
