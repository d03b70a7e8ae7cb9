// Which kernels exported C calls, and how its weights lie.
import { LAYOUT_NAMES, type LayoutName } from '@bitnetmcu/mcu-runtime';
import { layouts } from '@bitnetmcu/mcu-runtime/internal';
import { requireChoice } from '../choices.js';
import { ExporterError } from '../errors.js';
import { type Assembly, EXPORT_TARGET_NAMES, type ExportTargetName, findExportTarget } from './export-targets.js';

const KERNELS = ['plain', 'fast'] as const;

interface Asked {
  readonly kernels?: (typeof KERNELS)[number];
  readonly target?: ExportTargetName;
  readonly layout?: LayoutName;
}

interface Chosen {
  readonly layout: LayoutName;
  readonly assembly: readonly Assembly[];
}

/** @throws ExporterError `invalid-option`, `unknown-target`, `no-target`, `no-kernels` */
export function chooseKernels({ kernels, target, layout }: Asked): Chosen {
  requireChoice('kind of kernels', kernels, KERNELS);
  requireChoice('weight layout', layout, LAYOUT_NAMES);
  const found = target === undefined ? undefined : findExportTarget(target);
  // The plain layout is every part's, and others that portable C reads; any other is for the fast kernels of one.
  const given = layout ?? (found === undefined ? 'plain' : found.layout);
  const isPortable = layout !== undefined && layouts[layout].readBy === 'every';
  const wanted = kernels ?? (given === 'plain' || (isPortable && found === undefined) ? 'plain' : 'fast');
  if (wanted === 'plain') {
    if (layout === undefined || isPortable) return { layout: layout ?? 'plain', assembly: [] };
    throw new ExporterError(
      'no-kernels',
      `Plain kernels were asked for with weights in the layout "${layout}", which fast ones read; leave one of the two out`,
    );
  }
  if (found === undefined) {
    throw new ExporterError(
      'no-target',
      `Fast kernels were asked for without a target, which decides how weights are laid out; name one of ${EXPORT_TARGET_NAMES.join(', ')}`,
    );
  }
  const chosen = layout ?? found.layout;
  if (!found.layouts.includes(chosen)) {
    throw new ExporterError(
      'no-kernels',
      `No kernels of ${target} read weights in the layout ${JSON.stringify(chosen)}; its layouts: ${found.layouts.join(', ')}`,
    );
  }
  if (chosen === 'plain' && kernels === 'fast') {
    throw new ExporterError(
      'no-kernels',
      `${target} has no fast kernels in this layout; leave the choice out, or ask for plain ones`,
    );
  }
  return { layout: chosen, assembly: chosen === 'plain' ? [] : found.assembly };
}
