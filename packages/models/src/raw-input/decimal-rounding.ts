// Numbers to integers of 10^-decimals as text is read on the device: by decimal digits, not by products of binary fractions.
import { roundHalfEven } from '@bitnetmcu/quant/internal';

/** How far a product may lie from that of the digits, as a part of it: the error of the number, that of the product, and room. */
const DOUBLE_ERROR = 2 ** -50;
const FLOAT32_ERROR = 2 ** -22;

/**
 * value·10^decimals rounded half to even, of the shortest decimal digits that stand for the value: of 1.005 and 2 decimals 100, though the double
 * lies below the half. So it is what a reader of the digits makes of them.
 * @param isFloat32 whether the value is of a Float32Array: the digits are those that float32 tells apart
 */
export function roundToDecimals(value: number, decimals: number, isFloat32: boolean): number {
  const product = value * 10 ** decimals;
  // Only next to a half can digits and product differ.
  const fromHalf = Math.abs(Math.abs(product % 1) - 0.5);
  const isClear = fromHalf > Math.abs(product) * (isFloat32 ? FLOAT32_ERROR : DOUBLE_ERROR);
  if (isClear || Number.isInteger(product) || !Number.isFinite(product)) return roundHalfEven(product);
  return roundDigits(isFloat32 ? shortestOfFloat32(value) : value, decimals);
}

/** The double of the shortest decimal that is this float32. Six digits are always told apart, nine tell all apart. */
function shortestOfFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return Number(value.toPrecision(9));
}

function roundDigits(value: number, decimals: number): number {
  const [mantissa, exponent] = Math.abs(value).toExponential().split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const whole = Number(exponent) + 1 + decimals;
  if (whole >= digits.length) return roundHalfEven(value * 10 ** decimals);
  if (whole < 0) return 0;
  const kept = Number(digits.slice(0, whole));
  const rest = digits.slice(whole);
  const isUp = rest === '5' ? kept % 2 === 1 : rest >= '5';
  return Math.sign(value) * (kept + (isUp ? 1 : 0));
}
