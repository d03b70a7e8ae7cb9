// The choices of quantization, checked before anything is computed, the same for networks and graphs.
import { getFormat } from '@bitnetmcu/quant';
import { requireBoolean, requireChoice } from '../choices.js';
import { ExporterError } from '../errors.js';
import type { FormatChoice } from '../float/layer-codes.js';
import type { QuantizeOptions } from './options.js';

type Named = 'activations' | 'normalization' | 'ranges' | 'rounding' | 'equalization';

/** By option: what it chooses, in the singular, and the names that it takes. */
const CHOICES: { readonly [K in Named]: readonly [what: string, names: readonly NonNullable<QuantizeOptions[K]>[]] } = {
  activations: ['kind of activations', ['scale-free', 'static']],
  normalization: ['normalization', ['maxAbsNorm', 'shiftNorm']],
  ranges: ['rule for ranges', ['mse', 'percentile', 'max']],
  rounding: ['rounding', ['compensated', 'nearest']],
  equalization: ['choice of equalization', ['auto', 'on', 'off']],
};

/**
 * @throws ExporterError `invalid-option` for what is none of an option's choices; QuantError `unknown-format`.
 */
export function requireKnownChoices(options: QuantizeOptions & FormatChoice): void {
  for (const [option, [what, names]] of Object.entries(CHOICES)) requireChoice(what, options[option as Named], names);
  requireBoolean('biasCorrection', options.biasCorrection);
  const { inputScale, quantizer, mixed = {} } = options;
  if (inputScale !== undefined && !(inputScale > 0 && Number.isFinite(inputScale))) {
    throw new ExporterError('invalid-option', `inputScale is ${inputScale}; a positive number is wanted`);
  }
  for (const format of [quantizer, ...Object.values(mixed)]) if (format !== undefined) getFormat(format);
}

/** @throws ExporterError `invalid-option` for a scale that nothing would use. */
export function requireUsedScale({ inputScale }: QuantizeOptions, activations: 'scale-free' | 'static'): void {
  if (inputScale === undefined || activations === 'static') return;
  throw new ExporterError(
    'invalid-option',
    `inputScale is ${inputScale}, but activations are scale-free: every sample gets a scale of its own; leave it out, or choose static activations`,
  );
}
