// Firmware with coded weights beside others, from packages/exporter/bench/coded-weights.mjs.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, table } from './markdown.mjs';

const NETWORK = 'fc-12k';

function codedWeights() {
  const { parts, images, date } = measured(
    join(root, 'packages', 'exporter', 'bench', 'results', 'coded-weights.json'),
  );
  const rows = parts.filter(({ model, cycles }) => model === NETWORK && cycles !== undefined);
  const fastest = (target) =>
    rows.filter((row) => row.target === target).reduce((best, row) => (row.cycles < best.cycles ? row : best));
  return [
    table(
      ['part', 'kernels', 'flash', 'against the fastest', 'RAM', 'cycles', 'times the fastest'],
      rows.map((row) => {
        const best = fastest(row.target);
        const saved = (100 * (row.flash - best.flash)) / best.flash;
        const isBest = row === best;
        return [
          `\`${row.target}\``,
          row.kernels,
          `${count(row.flash)} B`,
          isBest ? '' : `${saved < 0 ? '−' : '+'}${Math.abs(saved).toFixed(1)} %`,
          `${count(row.ram)} B`,
          count(row.cycles),
          isBest ? '' : (row.cycles / best.cycles).toFixed(2),
        ];
      }),
    ),
    `\`${NETWORK}\`, mean cycles of the first ${images} test images; ${rows.reduce((sum, { mismatches }) => sum + mismatches, 0)} images differ from the reference; ${date}.`,
  ].join('\n\n');
}

export const codedTables = { 'coded-weights': codedWeights };
