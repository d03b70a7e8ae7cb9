// How well a tensor uses its format: share of each level, Shannon entropy of the codes, capacity used.

import { invalidCode } from './errors.js';
import type { FormatRecord } from './format-record.js';
import { bitsPerWeight } from './packing.js';
import { getFormat } from './registry.js';

export interface CodeStatistics {
  /** Number of weights at each level, ascending as `format.levels`. */
  readonly counts: Float64Array;
  /** counts / weights; all 0 where there are no weights. */
  readonly shares: Float64Array;
  /** Shannon entropy of the shares, bits a weight: the size that an ideal entropy coder would reach. */
  readonly entropy: number;
  /** entropy / bitsPerWeight, 0 … 1. */
  readonly capacityUsed: number;
}

/**
 * How well codes use their format.
 * @throws QuantError `invalid-code`, `unknown-format`.
 *
 * @example
 * ```ts
 * import { codeStatistics } from '@bitnetmcu/quant';
 *
 * const { entropy, capacityUsed } = codeStatistics('2bitsym', [0, 1, 2, 3]);
 * console.log(entropy, capacityUsed); // 2 bits a weight, all of the capacity
 * ```
 */
export function codeStatistics(format: string | FormatRecord, codes: ArrayLike<number>): CodeStatistics {
  const { name, levels } = getFormat(format);
  const counts = new Float64Array(levels.length);
  for (let i = 0; i < codes.length; i++) {
    const count = counts[codes[i]!];
    if (count === undefined) {
      throw invalidCode(name, codes[i]!, i, levels.length);
    }
    counts[codes[i]!] = count + 1;
  }
  const shares = counts.map((count) => (codes.length === 0 ? 0 : count / codes.length));
  const entropy = shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log2(share) : sum), 0);
  return { counts, shares, entropy, capacityUsed: entropy / bitsPerWeight(format) };
}

/** Shannon entropy of the codes in bits a weight: see codeStatistics. */
export function codeEntropy(format: string | FormatRecord, codes: ArrayLike<number>): number {
  return codeStatistics(format, codes).entropy;
}
