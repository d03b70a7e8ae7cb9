// The tables of the C runtime: flash by function, from bench/results/kernel-sizes.json of mcu-runtime (bench/kernel-sizes.mjs there), and cycles
// a weight of the fast linear kernels, from fast-kernels.json beside it (bench/fast-kernels.mjs).
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, table } from './markdown.mjs';

const recorded = (name) => measured(join(root, 'packages', 'mcu-runtime', 'bench', 'results', `${name}.json`));

export const runtimeTables = {
  'kernel-sizes'() {
    const found = recorded('kernel-sizes');
    if (found === undefined) return undefined;
    const { compilers, calls, interpreter, all } = found;
    const cores = Object.keys(compilers);
    const rows = [
      ...Object.entries(calls).map(([name, sizes]) => [`\`${name}\``, sizes]),
      ['`bnm_run`, the interpreter of images, alone', interpreter],
      ['all of it', all],
    ];
    return [
      table(
        ['bytes of flash', ...cores],
        rows.map(([what, sizes]) => [what, ...cores.map((core) => count(sizes[core]))]),
      ),
      `${cores.map((core) => `${core}: ${compilers[core]}`).join('; ')}.`,
    ].join('\n\n');
  },
  'fast-kernels'() {
    const found = recorded('fast-kernels');
    if (found === undefined) return undefined;
    const { inputs, outputs, rows } = found;
    const targets = [...new Set(rows.map(({ target }) => target))];
    const each = (cycles) => (cycles / (inputs * outputs)).toFixed(2);
    return table(
      ['format', ...targets.map((target) => `\`${target}\``)],
      [...new Set(rows.map(({ format }) => format))].map((format) => [
        `\`${format}\``,
        ...targets.map((target) => {
          const { halfZero, noneZero } = rows.find((row) => row.format === format && row.target === target);
          return halfZero === undefined ? '–' : `${each(halfZero)} · ${each(noneZero)}`;
        }),
      ]),
    );
  },
};
