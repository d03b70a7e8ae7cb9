// Seconds an epoch of each training engine, from packages/trainer/bench/tfjs.mjs.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { measured, seconds, table } from './markdown.mjs';

const path = join(root, 'packages', 'trainer', 'bench', 'results', 'tfjs.json');

const ENGINES = {
  native: 'compiled engine, native',
  wasm: 'compiled engine, WebAssembly',
  'tfjs node': 'TensorFlow.js, libtensorflow (tfjs-node)',
  'tfjs wasm': 'TensorFlow.js, WebAssembly',
  'tfjs cpu': 'TensorFlow.js, plain JavaScript',
};

export const tfjsTables = {
  'tfjs-engines'() {
    const bench = measured(path);
    if (bench === undefined) return undefined;
    const { results, machine, images, batch, command, date } = bench;
    const networks = [...new Set(results.map(({ network }) => network))];
    const cell = (network, engine) => {
      const row = results.find((one) => one.network === network && one.engine === engine);
      if (row === undefined || row.absent) return '–';
      return row.timesNative === undefined || engine === 'native'
        ? seconds(row.secondsPerEpoch)
        : `${seconds(row.secondsPerEpoch)} (${row.timesNative.toPrecision(2)}×)`;
    };
    return [
      table(
        ['engine', ...networks.map((name) => `\`${name}\``)],
        Object.entries(ENGINES).map(([engine, title]) => [title, ...networks.map((network) => cell(network, engine))]),
      ),
      `${images} images, batch ${batch}, Adam; extrapolated from a few steps. ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; \`${command}\` in \`packages/trainer\`, ${date}.`,
    ].join('\n\n');
  },
};
