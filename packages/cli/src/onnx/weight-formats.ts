// Weight formats as flags: `--quantizer 4bitsym`, `--mixed conv1=8bit,fc1=2bitsym`.
import { FORMAT_NAMES, type FormatName } from '@bitnetmcu/quant';
import { unknownName } from '@bitnetmcu/quant/internal';
import { CliError } from '../errors.js';

/** @throws CliError `usage` naming the nearest format */
export function parseFormat(name: string): FormatName {
  const found = FORMAT_NAMES.find((format) => format === name);
  if (found) return found;
  throw new CliError('usage', unknownName('weight format', name, FORMAT_NAMES));
}

/** @throws CliError `usage` */
export function parseMixedFormats(text: string): Record<string, FormatName> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [layer, format] = pair.split('=');
      if (!layer || !format) throw new CliError('usage', `--mixed ${text}: layer=format,layer=format is wanted.`);
      return [layer.trim(), parseFormat(format.trim())];
    }),
  );
}
