// The tables of modelled cycles: by network, from bench/results/cycles.json (scripts/measure-cycles.mjs); by weight format, from
// packages/exporter/bench/results/target-cycles.json (bench/target-cycles.mjs there); beside the original project's figures; and of cores with the
// DSP extension with and without kernels for it, from dsp-kernels.json there (bench/dsp-kernels.mjs).
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, table } from './markdown.mjs';

/** Published figures of the original project, in kernels of the same kind where it has two: means over the three images. */
const PUBLISHED = [
  { network: 'fc-12k', target: 'ch32v003', kernels: 'fast', published: 653_965, note: 'kernels in RAM' },
  { network: 'fc-12k', target: 'ch32v003', kernels: 'fast-flash', published: 903_209, note: 'all in flash' },
  { network: 'fc-12k', target: 'ch32v002', published: 508_605, note: '' },
  { network: 'fc-12k-fp130', target: 'ch32v002', published: 481_624, note: '' },
  { network: 'fc-1k', target: 'ch32v002', published: 99_783, note: '' },
  { network: 'cnn-16-small', target: 'ch32v002', published: 686_490, note: '' },
  { network: 'cnn-64', target: 'ch32v002', published: 2_736_250, note: '' },
];

function byNetwork() {
  return measured(join(root, 'bench', 'results', 'cycles.json'))?.rows;
}

function byFormat() {
  return measured(join(root, 'packages', 'exporter', 'bench', 'results', 'target-cycles.json'));
}

/** The row of a published figure: of the recorded networks, else of the presets by format, whose first kernels that fit are the default. */
function rowFor({ network, target, kernels }) {
  const isWanted = (row) => row.target === target && (kernels === undefined || row.kernels === kernels);
  const recorded = byNetwork()?.find((row) => row.network === network && isWanted(row));
  if (recorded !== undefined) return recorded;
  const row = byFormat()?.rows.find((one) => one.preset === network && isWanted(one) && one.mean !== undefined);
  return row && { ...row, published: row.publishedImages };
}

export const cyclesTables = {
  'published-cycles'() {
    if (byNetwork() === undefined || byFormat() === undefined) return undefined;
    return table(
      ['network', 'target', 'published original', 'ours', 'fewer by', 'mean of 100', 'worst case'],
      PUBLISHED.map((bar) => {
        const row = rowFor(bar);
        if (row === undefined) throw new Error(`${bar.network} on ${bar.target} was not measured`);
        return [
          bar.network,
          `\`${bar.target}\`${bar.note && `, ${bar.note}`}`,
          count(bar.published),
          count(row.published),
          `${(bar.published / row.published).toFixed(1)}×`,
          count(row.mean),
          count(row.worst),
        ];
      }),
    );
  },
  'target-cycles'() {
    const recorded = byFormat();
    if (recorded === undefined) return undefined;
    return table(
      ['preset', 'target', 'kernels', 'three images', 'mean of 100', 'largest of 100', 'worst case', 'flash', 'RAM'],
      recorded.rows.map(({ preset, target, kernels, publishedImages, mean, max, worst, flash, ram }) => [
        preset,
        `\`${target}\``,
        `\`${kernels}\``,
        ...(mean === undefined ? ['does not fit', '', '', ''] : [publishedImages, mean, max, worst].map(count)),
        `${count(flash)} B`,
        `${count(ram)} B`,
      ]),
    );
  },
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
  'dsp-cycles'() {
    const recorded = measured(join(root, 'packages', 'exporter', 'bench', 'results', 'dsp-kernels.json'));
    if (recorded === undefined) return undefined;
    const targets = [...new Set(recorded.rows.map(({ target }) => target))];
    const change = ({ before, after }, of) => `${count(before[of])} → ${count(after[of])}`;
    return [
      table(
        [
          'network',
          ...targets.map((target) => `\`${target}\``),
          `worst case, \`${targets[0]}\``,
          `flash, \`${targets[0]}\``,
        ],
        [...new Set(recorded.rows.map(({ model }) => model))].map((model) => {
          const rows = targets.map((target) =>
            recorded.rows.find((row) => row.model === model && row.target === target),
          );
          const faster = ({ before, after }) => `${(before.mean / after.mean).toFixed(2)}×`;
          return [
            model,
            ...rows.map((row) => `≈ ${change(row, 'mean')}, ${faster(row)}`),
            `≈ ${change(rows[0], 'worst')}`,
            `${change(rows[0], 'flash')} B`,
          ];
        }),
      ),
      `\`${recorded.command}\`, ${recorded.date}.`,
    ].join('\n\n');
  },
};
