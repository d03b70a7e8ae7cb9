// Row sums, by which kernels take out the value that most inputs of a sample share.
import { type FormatName, integerWeights } from '@bitnetmcu/quant';

/** The sum of each row's integers, an even number of them, or undefined where one does not fit int16. */
export function rowSums(format: FormatName, codes: Uint8Array, rows: number, columns: number): Int16Array | undefined {
  const integers = integerWeights(format, codes);
  const sums = new Int16Array(2 * Math.ceil(rows / 2));
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += integers[i]!;
    sums[row] = sum;
    if (sums[row] !== sum) return undefined;
  }
  return sums;
}
