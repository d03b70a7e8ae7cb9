// Which of a part's kernels are tried for a model, fastest first.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { LinearNode } from '@bitnetmcu/models/internal';
import { getFormat } from '@bitnetmcu/quant';
import { getLayout } from '../layout/layouts.js';
import { lowerModel } from '../lowering/lower-model.js';
import type { KernelVariant } from './kernel-variants.js';
import type { SimulationTarget } from './simulation-targets.js';

/**
 * Weights with codes of 3 or 4 bits for each channel of a convolution chain, from which on the chain in RAM costs more than it gains. On the
 * CH32V002 a channel takes some 310 cycles less in RAM, such a weight 0.63 cycles more in flash, where half of the inputs are 0.
 */
const WIDE_WEIGHTS_PER_CHANNEL = 490;

/**
 * The part's kernels of which the first with which a model fits is the default, here and in firmware: those with a chain in RAM only for
 * models that gain by it.
 * @throws ModelError, RuntimeError as layoutModel
 */
export function defaultsFor(
  model: QuantizedModel,
  { defaults }: Pick<SimulationTarget, 'defaults'>,
): readonly KernelVariant[] {
  return defaults.filter((variant) => variant.inRam !== 'chain' || gainsByChainInRam(model, variant));
}

function gainsByChainInRam(model: QuantizedModel, { layout }: KernelVariant): boolean {
  const { steps } = lowerModel(model, getLayout(layout), { everyTensor: false });
  const chain = steps.find((step) => step.op === 'convChain');
  if (chain === undefined) return false;
  const wide = model.nodes
    .filter((node): node is LinearNode => node.op === 'linear')
    .filter(({ weights }) => isWide(weights.format))
    .reduce((sum, { inFeatures, outFeatures }) => sum + inFeatures * outFeatures, 0);
  return wide <= WIDE_WEIGHTS_PER_CHANNEL * chain.channels;
}

/** Whether inner loops over a format are those that a chain in RAM puts into flash. */
function isWide(format: LinearNode['weights']['format']): boolean {
  const { technique, layout } = getFormat(format).fast?.mul ?? {};
  return technique === 'products' && Array.isArray(layout) && layout.some(({ bits }) => bits > 2);
}
