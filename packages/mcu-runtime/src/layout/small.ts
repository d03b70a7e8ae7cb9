// The layouts of models that would not fit a part with the fastest kernels for their linear layers: one family of them, in the densest
// form, and plain kernels for the formats that it does not know. Each family takes 1 to 1.7 kB of flash.
import type { FormatName } from '@bitnetmcu/quant';
import { mulLayout, nomulLayout } from './fast.js';
import { plainLayout } from './plain.js';
import type { WeightLayout } from './weight-layout.js';

/** Formats whose kernels share their code, by the files in c/fast, and the layout that these kernels read. */
interface Family {
  readonly formats: readonly FormatName[];
  readonly layout: WeightLayout;
}

const LOOKUP: Family = { formats: ['FP130', 'NF4'], layout: nomulLayout };
const BITS: Family = { formats: ['4.6bit', '5bitsym'], layout: nomulLayout };
const NOMUL_FAMILIES: readonly Family[] = [
  LOOKUP,
  BITS,
  { formats: ['Binary', 'BinarySym', 'Ternary', '2bitsym'], layout: nomulLayout },
  { formats: ['4bitsym', '4bit', '8bit'], layout: nomulLayout },
];
const MUL_FAMILIES: readonly Family[] = [
  LOOKUP,
  BITS,
  // Row by row a ternary weight takes 1.6 bits; in the words of the faster `mul` kernel it takes 2.
  { formats: ['Binary', 'BinarySym', 'Ternary'], layout: nomulLayout },
  { formats: ['2bitsym', '4bitsym', '4bit', '8bit'], layout: mulLayout },
];

/** The family of the layer with the most weights. */
function smallLayout(fast: WeightLayout, name: string, families: readonly Family[]): WeightLayout {
  return {
    ...fast,
    name,
    description: `As ${fast.name}, but the densest fast kernels of one family only, that of the largest linear layer; for little flash.`,
    linearOf(layers) {
      const largest = layers.reduce((most, layer) => (layer.codes.length > most.codes.length ? layer : most));
      const family = families.find(({ formats }) => formats.includes(largest.format))!;
      return (format, ...rest) =>
        (family.formats.includes(format) ? family.layout : plainLayout).linear(format, ...rest);
    },
  };
}

export const smallNomulLayout = smallLayout(nomulLayout, 'nomul-small', NOMUL_FAMILIES);
export const smallMulLayout = smallLayout(mulLayout, 'mul-small', MUL_FAMILIES);

/** Linear layers in packed codes: for networks whose convolutions do nearly all of the work. */
function convLayout(fast: WeightLayout, name: string): WeightLayout {
  const description = `As ${fast.name} for convolutions, plain kernels for linear layers; for the least flash.`;
  return { ...fast, name, description, linear: plainLayout.linear };
}

export const convNomulLayout = convLayout(nomulLayout, 'nomul-conv');
export const convMulLayout = convLayout(mulLayout, 'mul-conv');
