// The registry of weight layouts. To add one, write its kernels in c/, its WeightLayout, and its line here.
import { unknownName } from '@bitnetmcu/quant/internal';
import { RuntimeError } from '../errors.js';
import { avrLayout } from './avr.js';
import { codedLayout, mulCodedLayout, nomulCodedLayout } from './coded.js';
import { mulLayout, nomulLayout } from './fast.js';
import { plainLayout } from './plain.js';
import { convMulLayout, convNomulLayout, smallMulLayout, smallNomulLayout } from './small.js';
import { unpackedLayout } from './unpacked.js';
import type { WeightLayout } from './weight-layout.js';

/**
 * Names of all weight layouts; the first one is that of the plain C kernels.
 *
 * @example
 * ```ts
 * import { LAYOUT_NAMES, layoutModel } from '@bitnetmcu/mcu-runtime';
 *
 * for (const name of LAYOUT_NAMES) console.log(name, layoutModel(model, name).image.length);
 * ```
 */
export const LAYOUT_NAMES = [
  'plain',
  'unpacked',
  'nomul',
  'mul',
  'nomul-small',
  'mul-small',
  'nomul-conv',
  'mul-conv',
  'coded',
  'nomul-coded',
  'mul-coded',
  'avr',
] as const;
export type LayoutName = (typeof LAYOUT_NAMES)[number];

export const layouts: Readonly<Record<LayoutName, WeightLayout>> = {
  plain: plainLayout,
  unpacked: unpackedLayout,
  nomul: nomulLayout,
  mul: mulLayout,
  'nomul-small': smallNomulLayout,
  'mul-small': smallMulLayout,
  'nomul-conv': convNomulLayout,
  'mul-conv': convMulLayout,
  coded: codedLayout,
  'nomul-coded': nomulCodedLayout,
  'mul-coded': mulCodedLayout,
  avr: avrLayout,
};

/** @throws RuntimeError `unknown-layout`, naming the nearest known one */
export function getLayout(name: string): WeightLayout {
  if (Object.hasOwn(layouts, name)) return layouts[name as LayoutName];
  throw new RuntimeError('unknown-layout', unknownName('weight layout', name, LAYOUT_NAMES));
}
