// The kernels of a part, each with the prebuilt image that holds them: a view of the records.

import type { Part, PartVariant } from './part.js';
import { type PartName, parts } from './parts.js';

/** Kernels of a part in one build. */
export interface KernelVariant extends PartVariant {
  /** The prebuilt image with these kernels. */
  readonly image: string;
}

/** All variants of a part, those that are the default of no model last. */
export function kernelVariants(name: PartName): readonly KernelVariant[] {
  const { kernels } = parts[name];
  return [...kernels.variants, ...(kernels.onRequest ?? [])].map((variant) => withImage(parts[name], variant));
}

/** Of these, the first with which a model fits is the default, here and in firmware. */
export function defaultVariants(name: PartName): readonly [KernelVariant, ...KernelVariant[]] {
  const [first, ...others] = parts[name].kernels.variants;
  return [withImage(parts[name], first), ...others.map((variant) => withImage(parts[name], variant))];
}

/** The prebuilt image of the features of signals. */
export function featureImage(name: PartName): string {
  return `${(parts[name] as Part).kernels.imagesOf ?? name}-features`;
}

const PLACEMENTS = { 0: '', 1: '-loops', 2: '-ram', chain: '-chain' } as const;

/** Variants that are compiled alike share an image: they differ in the layout of weights, or in how firmware is linked. */
function withImage({ name, kernels: { imagesOf } }: Part, variant: PartVariant): KernelVariant {
  const { sources, inRam = 0, hot } = variant;
  const built = sources === 'plain' ? 'plain' : `fast${PLACEMENTS[inRam]}${hot === 'none' ? '-size' : ''}`;
  return { ...variant, image: `${imagesOf ?? name}-${built}` };
}

/** Flags that put kernels where a variant has them. */
export function placementFlags({ inRam }: Pick<PartVariant, 'inRam'>): readonly string[] {
  if (inRam === undefined) return [];
  if (inRam === 'chain') return ['-DBNM_KERNELS_IN_RAM=1', '-DBNM_CHAIN_IN_RAM=1'];
  return [`-DBNM_KERNELS_IN_RAM=${inRam}`];
}
