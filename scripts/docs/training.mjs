// Training beside other frameworks, from packages/trainer/bench/train.mjs.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, table } from './markdown.mjs';

const training = () => measured(join(root, 'packages', 'trainer', 'bench', 'results', 'train.json'));

/** A column each: its title, and which row it shows. */
const COLUMNS = [
  ['native, 1 thread', ({ engine, threads }) => engine === 'native' && threads === 1],
  ['native, 2 threads', ({ engine, threads }) => engine === 'native' && threads === 2],
  ...['WebAssembly', 'PyTorch', 'PyTorch compiled', 'JAX'].map((name) => [name, ({ engine }) => engine === name]),
];

function peers() {
  if (training()?.peak === undefined) return 'Not measured yet: `npm run bench:train`.';
  const { results, machine, peak, images, batch, date } = training();
  const networks = [...new Set(results.map((row) => row.network))].filter((network) => network !== 'augment');
  const shown = COLUMNS.filter(([, of]) => results.some(of));
  const version = (name) => results.find(({ engine }) => engine === name)?.detail;
  const versions = ['PyTorch', 'JAX'].flatMap((name) => (version(name) ? [`${name} ${version(name)}`] : []));
  return [
    table(
      ['network', 'of the peak', ...shown.map(([title]) => title)],
      networks.map((network) => {
        const rows = results.filter((row) => row.network === network);
        const share = rows.find(COLUMNS[0][1])?.share;
        return [
          `\`${network}\``,
          share === undefined ? '' : `${(share * 100).toFixed(0)} %`,
          ...shown.map(([, of]) => rows.find(of)?.best.toFixed(3) ?? ''),
        ];
      }),
    ),
    `Seconds of an epoch of ${count(images)} images, batch ${batch}; ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ` +
      `${results[0].detail}, ${peak.toFixed(1)}·10⁹ operations a second a core at most; ${versions.join(', ')}, one thread each; ` +
      `load of the machine at the end ${machine.load.toFixed(1)}; ${date.slice(0, 10)}.`,
  ].join('\n\n');
}

export const trainingTables = { 'training-peers': peers };
