// Raw features in words, for comments: what an integer of one stands for, and from where to where it counts.
import type { RawFeature, RawInput } from '@bitnetmcu/models/internal';
import { cComment } from '../c-text.js';

/** r·10^−decimals in digits. */
export function decimalText(raw: number, decimals: number): string {
  const digits = `${Math.abs(raw)}`.padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const sign = raw < 0 ? '-' : '';
  return decimals === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-decimals)}`;
}

/** `temperature: in 0.1 C, 21.5 is 215; from -3.0 to 46.0`, safe for a comment. */
export function featureText({ name, unit, decimals, low, high }: RawFeature, type: RawInput['type']): string {
  const middle = Math.round((low + high) / 2);
  const text = (raw: number) => decimalText(raw, decimals);
  const step = decimals === 0 ? (unit ?? 'whole numbers') : `${text(1)}${unit === undefined ? '' : ` ${unit}`}`;
  const meaning =
    type === 'f32'
      ? `${unit === undefined ? '' : `in ${unit}, `}rounded to ${text(1)}`
      : `in ${step}${decimals === 0 ? '' : `, ${text(middle)} is ${middle}`}`;
  return cComment(`${name}: ${meaning}; from ${text(low)} to ${text(high)}`);
}
