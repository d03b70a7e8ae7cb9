// Layers that run on plain kernels, in words: which they are, and what would make them fast.
import type { PlainLayer, Remedy } from '@bitnetmcu/mcu-runtime/internal/targets';
import { unknownValue } from '../unknown-value.js';
import { bytes, count } from './quantities.js';

/** So many formats or parts are named. */
const NAMED = 4;

/** Lines of layers with the same remedies: `fc1, fc2 on plain kernels. Fast: …`. */
export function plainLayerLines(layers: readonly PlainLayer[]): readonly string[] {
  const byRemedies = new Map<string, string[]>();
  for (const { name, remedies } of layers) {
    const text = remediesText(remedies);
    byRemedies.set(text, [...(byRemedies.get(text) ?? []), name]);
  }
  return [...byRemedies].map(([text, names]) => `${names.join(', ')} on plain kernels, many times slower. ${text}`);
}

function remediesText(remedies: readonly Remedy[]): string {
  if (remedies.length === 0) return 'No part here has fast ones for such layers and room for the model.';
  return `Fast with ${remedies.map(remedyText).join('; or ')}.`;
}

function remedyText(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'kernels':
      return remedy.missing === null
        ? `--kernels ${remedy.kernels}, where that fits`
        : `the kernels ${remedy.kernels}, for which ${missing(remedy.missing)} are missing`;
    case 'format':
      return `weights in ${named(remedy.formats)}`;
    case 'inputs':
    case 'outputs':
      return `at most ${count(remedy.most)} ${remedy.kind} (${count(remedy.found)} found)`;
    case 'int8-input':
      return 'int8 before it: a norm or requantization between it and the convolution before';
    case 'smaller-maps':
      return 'smaller maps or fewer channels a group';
    case 'ending':
      return 'a ReLU, maxima of windows side by side, then a norm or requantization behind it, and nothing else between';
    case 'parts':
      return `another part: ${named(remedy.parts)}`;
    default:
      throw unknownValue('remedy', remedy);
  }
}

function missing({ flash, ram }: { readonly flash: number; readonly ram: number }): string {
  const parts = [...(flash > 0 ? [`${bytes(flash)} of flash`] : []), ...(ram > 0 ? [`${bytes(ram)} of RAM`] : [])];
  return parts.join(' and ');
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${shown} or ${names.length - NAMED} more` : shown;
}
