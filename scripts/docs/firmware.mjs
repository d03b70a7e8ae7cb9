// The table of firmware that was built and run, from packages/exporter/bench/results/firmware.json (bench/firmware.mjs there): what stands in a row
// is of that firmware, not of its simulation.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { builtPackage, estimateMarks, measured, table } from './markdown.mjs';

function recordedRows() {
  return measured(join(root, 'packages', 'exporter', 'bench', 'results', 'firmware.json'))?.rows;
}

/** Rows whose firmware was not what the simulation says, as texts. */
export function firmwareDisagreements(rows = recordedRows() ?? []) {
  return rows
    .filter(({ agrees }) => agrees !== true)
    .map(({ model, target }) => `firmware.json: ${model} on ${target} was not what its simulation says`);
}

export const firmwareTables = {
  async firmware() {
    const rows = recordedRows();
    if (rows === undefined) return undefined;
    const mark = await estimateMarks();
    const { SIMULATION_TARGETS } = await builtPackage('mcu-runtime', 'targets/index');
    return table(
      ['network', 'target', 'kernels', 'flash', 'RAM: static + stack', 'cycles', 'ms'],
      rows.map(({ model, target, kernels, fits, flash, ramStatic, ramStack, cyclesBuilt, missing }) => [
        `\`${model}\``,
        `\`${target}\``,
        ...(fits
          ? [
              kernels,
              `${flash} B`,
              `${ramStatic} + ${ramStack} = ${ramStatic + ramStack} B`,
              `${mark(target)}${cyclesBuilt.toLocaleString('en').replaceAll(',', ' ')}`,
              `${mark(target)}${((1000 * cyclesBuilt) / SIMULATION_TARGETS[target].clockHz).toFixed(2)}`,
            ]
          : [
              'does not fit',
              missing.flash > 0 ? `${missing.flash} B missing` : '',
              missing.ram > 0 ? `${missing.ram} B missing` : '',
              '',
              '',
            ]),
      ]),
    );
  },
};
