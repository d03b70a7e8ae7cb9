// Tables of studies: searches of small data beside scikit-learn and aeon, from the results that packages/studies/bench wrote.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, table } from './markdown.mjs';

const results = (name) => measured(join(root, 'packages', 'studies', 'bench', 'results', `${name}.json`));
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const percent = (value) => `${value.toFixed(2)} %`;

/** Points that a search may be behind, and seconds that it may take. */
const [BEHIND, SECONDS] = [1, 180];

function smallSearch() {
  const measurement = results('small-search');
  if (measurement === undefined) return undefined;
  const { runs, baselines, command, date, machine } = measurement;
  const rows = Object.keys(baselines).flatMap((name) => {
    const own = runs.filter((run) => run.name === name);
    if (own.length === 0) return [];
    const of = (key) => own.map((run) => run[key]);
    const [integers, baseline, longest] = [mean(of('integers')), mean(of('baseline')), Math.max(...of('seconds'))];
    const isVerified = own.every(({ verified }) => verified);
    const passed = integers >= baseline - BEHIND && longest <= SECONDS && isVerified;
    const each = of('integers').map((value) => value.toFixed(2));
    return [
      [
        name,
        own.length,
        own[0].tested,
        `**${percent(integers)}** (${each.join(', ')})`,
        `${baselines[name]} ${percent(baseline)}`,
        [...new Set(of('target'))].join(', '),
        `${count(Math.min(...of('weightBytes')))}–${count(Math.max(...of('weightBytes')))} B`,
        `${longest.toFixed(0)} s`,
        passed ? 'reached' : '**missed**',
      ],
    ];
  });
  const columns = [
    ...['data', 'splits', 'test samples', 'integers', 'float, same split', 'part', 'weights', 'longest'],
    `≤ ${BEHIND} point behind, ≤ ${SECONDS} s, verified`,
  ];
  const loads = runs.map(({ load }) => load);
  return `${table(columns, rows)}\n\nEach split with its own seed, ${date}, ${machine.cores} cores of ${machine.cpu}, which other work shared (load ${Math.min(...loads).toFixed(0)} to ${Math.max(...loads).toFixed(0)}): \`${command}\` in \`packages/studies\`.`;
}

export const studiesTables = { 'small-search': async () => smallSearch() };
