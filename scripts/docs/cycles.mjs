// The table of modelled cycles, from bench/results/cycles.json (scripts/measure-cycles.mjs).
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, table } from './markdown.mjs';

export const cyclesTables = {
  cycles() {
    const recorded = measured(join(root, 'bench', 'results', 'cycles.json'));
    if (recorded === undefined) return undefined;
    return table(
      ['network', 'target', 'kernels', 'three images', 'mean of 100', 'largest of 100', 'worst case', 'flash', 'RAM'],
      recorded.rows.map(({ network, target, kernels, published, mean, max, worst, flash, ram }) => [
        network,
        `\`${target}\``,
        `\`${kernels}\``,
        ...[published, mean, max, worst].map(count),
        `${count(flash)} B`,
        `${count(ram)} B`,
      ]),
    );
  },
};
