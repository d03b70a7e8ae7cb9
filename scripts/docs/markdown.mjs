// What the tables of the documentation share: Markdown, numbers as people read them, files that may be absent.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../workspace.mjs';

export function table(columns, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A module of a built package. */
export async function builtPackage(name, entry = 'index') {
  const load = async (path) => import(pathToFileURL(join(root, 'packages', name, 'dist', `${path}.js`)).href);
  const internal = `internal/${entry.replace('/index', '')}`;
  const hasInternal = existsSync(join(root, 'packages', name, 'dist', `${internal}.js`));
  return { ...(await load(entry)), ...(hasInternal ? await load(internal) : {}) };
}

/** Before figures of a part whose timing is assumed: `≈`. */
export async function estimateMarks() {
  const { SIMULATION_TARGETS } = await builtPackage('mcu-runtime', 'targets/index');
  return (target) => (SIMULATION_TARGETS[target]?.assumedTiming === undefined ? '' : '≈ ');
}

/** The contents of a JSON file, or undefined where there is none. */
export const measured = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined);

/** 99.02 % */
export const percent = (share) => `${(share * 100).toFixed(2)} %`;

/** 0.42 s, 12.3 s */
export const seconds = (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;

/** 12 608, grouped by narrow no-break spaces. */
export const count = (value) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** 99.02 ± 0.06, of shares of 1; without a deviation of a single one. */
export const spread = (mean, deviation) =>
  `${(100 * mean).toFixed(2)}${deviation === undefined ? '' : ` ± ${(100 * deviation).toFixed(2)}`}`;
