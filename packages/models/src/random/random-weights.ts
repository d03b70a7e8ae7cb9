// Random weights of one layer: every format, with shifts, biases and the extreme codes.
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import type { QuantizedWeights } from '../quantized-weights.js';
import type { SeededRandom } from './seeded-random.js';

/** How far the optional parts may reach; a builder lowers `level` from 2 to 0 until no accumulator can overflow. */
export function randomWeights(
  random: SeededRandom,
  format: FormatName,
  rows: number,
  columns: number,
  level: number,
): QuantizedWeights {
  const maxShift = [0, 4, 15][level]!;
  const maxBiasBits = [8, 16, 30][level]!;
  const codes = randomCodes(random, getFormat(format).integers.length, rows * columns);
  return {
    format,
    codes,
    ...(maxShift > 0 && random.chance(0.35)
      ? { outputShifts: Uint8Array.from({ length: rows }, () => random.integer(0, random.integer(0, maxShift))) }
      : {}),
    ...(random.chance(0.35) ? { bias: Int32Array.from({ length: rows }, () => randomBias(random, maxBiasBits)) } : {}),
  };
}

/** Mostly small: a bias that dwarfs its sum hides what else a network does wrong. */
function randomBias(random: SeededRandom, maxBits: number): number {
  const magnitude = 2 ** random.integer(0, random.chance(0.8) ? Math.min(maxBits, 10) : maxBits);
  return random.integer(-magnitude, magnitude);
}

function randomCodes(random: SeededRandom, levels: number, count: number): Uint8Array {
  const kind = random.integer(0, 29);
  if (kind === 0) return new Uint8Array(count);
  if (kind === 1) return new Uint8Array(count).fill(levels - 1);
  return Uint8Array.from({ length: count }, () => random.integer(0, levels - 1));
}
