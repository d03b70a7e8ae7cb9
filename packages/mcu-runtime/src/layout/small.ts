// The layouts of models that would not fit a part with the fastest kernels for their linear layers: those of one technique, in the
// densest form, and plain kernels for the formats that it does not know. Each technique takes 1 to 1.7 kB of flash.
import { densePatches, mulLayout, nomulLayout, techniquePacker } from './fast.js';
import { plainLayout } from './plain.js';
import type { PatchesLayout, WeightLayout } from './weight-layout.js';

function smallLayout(fast: WeightLayout, name: string, multiplier: boolean): WeightLayout {
  return {
    ...fast,
    ...(multiplier && { patches: densePatches }),
    name,
    description: `As ${fast.name}, but the densest fast kernels of one technique only, that of the largest linear layer; for little flash.`,
    linearOf(layers) {
      const largest = layers.reduce((most, layer) => (layer.codes.length > most.codes.length ? layer : most));
      return techniquePacker(largest.format, multiplier);
    },
  };
}

export const smallNomulLayout = smallLayout(nomulLayout, 'nomul-small', false);
export const smallMulLayout = smallLayout(mulLayout, 'mul-small', true);

/** Linear layers in packed codes: for networks whose convolutions do nearly all of the work. */
function convLayout({ patches: _, ...fast }: WeightLayout, name: string, patches?: PatchesLayout): WeightLayout {
  const description = `As ${fast.name} for convolutions, plain kernels for linear layers; for the least flash.`;
  return { ...fast, ...(patches && { patches }), name, description, linear: plainLayout.linear };
}

/** Lists take RAM and flash, which are what is missing here. */
export const convNomulLayout: WeightLayout = {
  ...convLayout(nomulLayout, 'nomul-conv'),
  tritOutputs: Number.POSITIVE_INFINITY,
};
export const convMulLayout = convLayout(mulLayout, 'mul-conv', densePatches);
