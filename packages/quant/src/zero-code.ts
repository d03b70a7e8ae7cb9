// The code of the weight 0, which only some formats have.
import type { FormatRecord } from './format-record.js';
import { FORMAT_NAMES, getFormat } from './registry.js';

/**
 * The code whose level is 0; undefined where a format has none (symmetric levels, binary weights, powers of two): of its weights none can be
 * left out by itself, only a whole row or column.
 * @throws QuantError `unknown-format`
 */
export function zeroCode(format: string | FormatRecord): number | undefined {
  const { levels, integers } = getFormat(format);
  const code = levels.findIndex((level, i) => level === 0 && integers[i] === 0);
  return code < 0 ? undefined : code;
}

/** Formats in which single weights can be pruned. */
export function formatsWithZero(): string[] {
  return FORMAT_NAMES.filter((name) => zeroCode(name) !== undefined);
}
