// Pages of the experiments, from the results that are committed.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { builtPackage, count, measured } from './markdown.mjs';

const RESULTS = join(root, 'packages', 'studies', 'bench', 'results', 'experiments');

/** Texts by path, from the root. */
export async function researchPages() {
  const { EXPERIMENTS, readComparison, reportFiles } = await builtPackage('studies');
  const sections = {
    ternary: ternaryPackings(),
    activations: onDevices({ relu: 'ReLU', hardSwish: 'HardSwish', gelu: 'GELU', xReluPlus3: 'x·relu(x+3)/6' }),
    residual: onDevices({ relu: 'relu(f(x))', residual: 'relu(s·x + f(x))' }),
    topq: onDevices({ relu: 'ReLU', topRelu: 'top half' }),
  };
  const experiments = EXPERIMENTS.map((experiment) => ({
    ...experiment,
    compared: readComparison(experiment, RESULTS),
    measured: sections[experiment.name],
  }));
  return new Map([...reportFiles(experiments)].map(([name, text]) => [join('docs', 'research', name), text]));
}

const PACKINGS = {
  bits_2: '2 bits each',
  base_3_in_8: '5 trits in 8 bits (Ternary)',
  base_3_in_16: '10 trits in 16 bits',
  trits_3_in_5: '3 trits in 5 bits',
};

/** 17 % less, 4 % more; of several ratios from the least one on: 6 to 26 % less. */
function compared(...ratios) {
  const changes = ratios.map((ratio) => Math.round(100 * (ratio - 1))).sort((a, b) => Math.abs(a) - Math.abs(b));
  const isLess = changes.every((change) => change < 0);
  if (!isLess && changes.some((change) => change <= 0)) throw new Error(`Neither all less nor all more: ${changes} %`);
  const range = [...new Set([changes[0], changes.at(-1)].map(Math.abs))].join(' to ');
  return `${range} % ${isLess ? 'less' : 'more'}`;
}

/** What bench/research-networks.mjs of the studies measured of some networks, by title, as a section of a page. */
function onDevices(titles) {
  const file = join(root, 'packages', 'studies', 'bench', 'results', 'research-networks.json');
  const { epochs, images, simulated, rows } = measured(file);
  const shown = Object.entries(titles).map(([network, title]) => ({
    title,
    ...rows.find((row) => row.network === network),
  }));
  const parts = Object.keys(shown[0].parts);
  const mismatches = shown.reduce((sum, row) => sum + Object.values(row.mismatches).reduce((a, b) => a + b), 0);
  return [
    { kind: 'heading', text: 'On devices' },
    {
      kind: 'paragraph',
      text:
        `Networks of 48-48-48 neurons, trained for ${epochs} epochs with one seed: ${mismatches} mismatches with the reference over ${count(images)} test images in WebAssembly, the C runtime and the exported C, ` +
        `and over ${count(simulated)} of them on the simulated parts. Cycles are means of 100 images. ` +
        'These are single runs of their own, not those of the tables above: other trained networks, with flash and RAM of firmware that a compiler built, where the tables have those of the simulation without one.',
    },
    {
      kind: 'table',
      columns: ['network', ...parts.flatMap((part) => [`flash on ${part}, bytes`, 'RAM, bytes', 'cycles'])],
      rows: shown.map(({ title, parts: figures }) => [
        title,
        ...parts.flatMap((part) => {
          const { flash, ram, mean } = figures[part];
          return [count(flash), count(ram), mean === undefined ? 'does not fit' : count(mean)];
        }),
      ]),
    },
    {
      kind: 'paragraph',
      text: `Again: node bench/research-networks.mjs --simulated ${simulated} in packages/studies.`,
    },
  ];
}

/** What bench/ternary-packings.mjs of the runtime measured, as a section of a page. */
function ternaryPackings() {
  const file = join(root, 'packages', 'mcu-runtime', 'bench', 'results', 'ternary-packings.json');
  const { layer, packings, kernels } = measured(file);
  const parts = Object.keys(kernels);
  const rows = packings.map(({ name, bitsPerWeight, weightBytes, parts: figures }) => [
    ...[PACKINGS[name], bitsPerWeight.toFixed(3), count(weightBytes)],
    ...parts.flatMap((part) => [figures[part].cyclesPerWeight.toFixed(2), String(figures[part].codeBytes)]),
  ]);
  const named = (name) => packings.find((packing) => packing.name === name);
  const bytesOf = (name) => named(name).weightBytes;
  /** Time of a packing by part, as a share of that of the format Ternary. */
  const times = (name) =>
    parts.map((part) => named(name).parts[part].cyclesPerWeight / named('base_3_in_8').parts[part].cyclesPerWeight);
  const own = parts.map((part) => {
    const { kernels: name, weightBytes, cyclesPerWeight } = kernels[part];
    return `${part} (${name}) ${cyclesPerWeight.toFixed(2)} cycles a weight with ${count(weightBytes)} bytes`;
  });
  return [
    { kind: 'heading', text: 'Packings' },
    {
      kind: 'paragraph',
      text:
        `A linear layer of ${layer.inputs} inputs and ${layer.outputs} outputs in four packings, each decoded by the plainest loop in C (-O2) in the simulator: digits in base 3 come out one by one, as the carry of 3 times the number. ` +
        'Rows begin with a new group, hence more bits than a group has. The inputs have no zeros.',
    },
    {
      kind: 'table',
      columns: [
        ...['packing', 'bits a weight', 'bytes of the layer'],
        ...parts.flatMap((part) => [`cycles a weight on ${part}`, 'code, bytes']),
      ],
      rows,
    },
    {
      kind: 'paragraph',
      text:
        `Ten trits in 16 bits take ${count(bytesOf('base_3_in_16'))} bytes (five in 8: ${count(bytesOf('base_3_in_8'))}) and ${compared(...times('base_3_in_16'))} time, as a group is loaded half as often, and as the compiler lays out the two loops; three in 5 bits take ` +
        `${compared(bytesOf('trits_3_in_5') / bytesOf('base_3_in_8'))} bytes and ${compared(...times('trits_3_in_5'))} time, for groups that begin within bytes. The format Ternary stays with 5 in 8, since the ` +
        `kernels that models run with lay trits out in their own way and decode several at a time: ${own.join(', ')}.`,
    },
    {
      kind: 'paragraph',
      text: 'Again: node bench/ternary-packings.mjs in packages/mcu-runtime, with the cross compilers.',
    },
  ];
}
