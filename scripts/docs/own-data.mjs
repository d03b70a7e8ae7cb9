// Tables of own data: what default options reach beside scikit-learn and aeon, from bench/results/own-data.json.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, table } from './markdown.mjs';

const points = (value) => `${value.toFixed(2)} %`;

function comparison() {
  const results = measured(join(root, 'bench', 'results', 'own-data.json'));
  if (results === undefined) return undefined;
  const { datasets, command } = results;
  const dates = [...new Set(datasets.map(({ date }) => date))].sort();
  const rows = datasets.map(
    ({ name, samples, each, network, integers, trained, baselines, weightBytes, simulated, bar, passed }) => [
      name,
      count(samples),
      each.length,
      `\`${network}\``,
      `**${points(integers)}**`,
      points(trained),
      Object.entries(baselines)
        .map(([model, score]) => `${model} ${points(score)}`)
        .join(', '),
      `${bar.atLeast > 0 ? `≥ ${bar.atLeast} %, ` : ''}≤ ${bar.behind} points behind: ${passed ? 'reached' : '**missed**'}`,
      `${count(weightBytes)} B`,
      simulated === undefined ? 'does not fit' : `${simulated.milliseconds} ms`,
    ],
  );
  const columns = [
    'data',
    'samples',
    'splits',
    'network',
    'integers',
    'as trained',
    'same split',
    'bar',
    'weights',
    'CH32V003',
  ];
  return `${table(columns, rows)}\n\nMeans over the splits, each with its own seed, measured ${dates.join(' and ')}: \`${command}\`.`;
}

export const ownDataTables = { 'own-data': async () => comparison() };
