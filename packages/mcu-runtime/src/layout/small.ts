// The layouts of models that would not fit a part with several families of fast kernels for their linear layers: one family, and plain
// kernels for the formats that it does not know. Each family takes 1 to 1.7 kB of flash.
import type { FormatName } from '@bitnetmcu/quant';
import { planesLayout, swarLayout } from './fast.js';
import { plainLayout } from './plain.js';
import type { WeightLayout } from './weight-layout.js';

/** Formats whose kernels share their code, by the files in c/fast. */
type Families = readonly (readonly FormatName[])[];

const LOOKUP: readonly FormatName[] = ['FP130', 'NF4'];
const PLANES_FAMILIES: Families = [
  LOOKUP,
  ['Binary', 'BinarySym', 'Ternary', '2bitsym'],
  ['4.6bit', '5bitsym'],
  ['4bitsym', '4bit', '8bit'],
];
const SWAR_FAMILIES: Families = [
  LOOKUP,
  ['Binary', 'BinarySym', '4.6bit', '5bitsym'],
  ['Ternary', '2bitsym', '4bitsym', '4bit', '8bit'],
];

/** The family of the layer with the most weights. */
function smallLayout(fast: WeightLayout, name: string, families: Families): WeightLayout {
  return {
    ...fast,
    name,
    description: `As ${fast.name}, but fast kernels of one family only, that of the largest linear layer; for little flash.`,
    linearOf(layers) {
      const largest = layers.reduce((most, layer) => (layer.codes.length > most.codes.length ? layer : most));
      const family = families.find((formats) => formats.includes(largest.format))!;
      return (format, ...rest) => (family.includes(format) ? fast : plainLayout).linear(format, ...rest);
    },
  };
}

export const smallPlanesLayout = smallLayout(planesLayout, 'planes-small', PLANES_FAMILIES);
export const smallSwarLayout = smallLayout(swarLayout, 'swar-small', SWAR_FAMILIES);

/** Linear layers in packed codes: for networks whose convolutions do nearly all of the work. */
function convLayout(fast: WeightLayout, name: string): WeightLayout {
  const description = `As ${fast.name} for convolutions, plain kernels for linear layers; for the least flash.`;
  return { ...fast, name, description, linear: plainLayout.linear };
}

export const convPlanesLayout = convLayout(planesLayout, 'planes-conv');
export const convSwarLayout = convLayout(swarLayout, 'swar-conv');
