// Pages of the experiments, from the results that are committed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { builtPackage } from './markdown.mjs';

const RESULTS = join(root, 'packages', 'studies', 'bench', 'results', 'experiments');

/** Texts by path, from the root. */
export async function researchPages() {
  const { EXPERIMENTS, readComparison, reportFiles } = await builtPackage('studies');
  const measured = {
    ternary: ternaryPackings(),
    activations: onDevices({ relu: 'ReLU', hardSwish: 'HardSwish', gelu: 'GELU', xReluPlus3: 'x·relu(x+3)/6' }),
    residual: onDevices({ relu: 'relu(f(x))', residual: 'relu(s·x + f(x))' }),
    topq: onDevices({ relu: 'ReLU', topRelu: 'top half' }),
  };
  const experiments = EXPERIMENTS.map((experiment) => ({
    ...experiment,
    compared: readComparison(experiment, RESULTS),
    measured: measured[experiment.name],
  }));
  return new Map([...reportFiles(experiments)].map(([name, text]) => [join('docs', 'research', name), text]));
}

const PACKINGS = {
  bits_2: '2 bits each',
  base_3_in_8: '5 trits in 8 bits (Ternary)',
  base_3_in_16: '10 trits in 16 bits',
  trits_3_in_5: '3 trits in 5 bits',
};

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** What bench/research-networks.mjs of the studies measured of some networks, by title, as a section of a page. */
function onDevices(titles) {
  const file = join(root, 'packages', 'studies', 'bench', 'results', 'research-networks.json');
  const { epochs, images, simulated, rows } = JSON.parse(readFileSync(file, 'utf8'));
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
        `Networks of 48-48-48 neurons, trained for ${epochs} epochs with one seed: ${mismatches} mismatches with the reference over ${grouped(images)} test images in WebAssembly, the C runtime and the exported C, ` +
        `and over ${grouped(simulated)} of them on the simulated parts. Cycles are means of 100 images.`,
    },
    {
      kind: 'table',
      columns: ['network', ...parts.flatMap((part) => [`flash on ${part}, bytes`, 'RAM, bytes', 'cycles'])],
      rows: shown.map(({ title, parts: measured }) => [
        title,
        ...parts.flatMap((part) => {
          const { flash, ram, mean } = measured[part];
          return [grouped(flash), grouped(ram), mean === undefined ? 'does not fit' : grouped(mean)];
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
  const { layer, packings, kernels } = JSON.parse(readFileSync(file, 'utf8'));
  const parts = Object.keys(kernels);
  const rows = packings.map(({ name, bitsPerWeight, weightBytes, parts: measured }) => [
    ...[PACKINGS[name], bitsPerWeight.toFixed(3), grouped(weightBytes)],
    ...parts.flatMap((part) => [measured[part].cyclesPerWeight.toFixed(2), String(measured[part].codeBytes)]),
  ]);
  const own = parts.map((part) => {
    const { kernels: name, weightBytes, cyclesPerWeight } = kernels[part];
    return `${part} (${name}) ${cyclesPerWeight.toFixed(2)} cycles a weight with ${grouped(weightBytes)} bytes`;
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
        'Ten trits in 16 bits take as many bytes as five in 8, and 10 to 17 % less time, as a group is loaded half as often; three in 5 bits are longer and slower, for groups that begin within bytes. The format Ternary stays with 5 in 8, since the ' +
        `kernels that models run with lay trits out in their own way and decode several at a time: ${own.join(', ')}.`,
    },
    {
      kind: 'paragraph',
      text: 'Again: node bench/ternary-packings.mjs in packages/mcu-runtime, with the cross compilers.',
    },
  ];
}
