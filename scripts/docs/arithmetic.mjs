// What one arithmetic for all machines costs, and how far two trainings of one seed get from one another without it, from
// packages/trainer/bench/arithmetic.mjs.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, percent, table } from './markdown.mjs';

const PROGRAM = 'packages/trainer/bench/arithmetic.mjs';
const record = () => measured(join(root, 'packages', 'trainer', 'bench', 'results', 'arithmetic.json'));
const missing = `Not measured yet: \`node ${PROGRAM}\`.`;
const middle = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

const NAMES = {
  '2bitsym max-abs': '2 bits, int8',
  '2bitsym none': '2 bits, float',
  'None max-abs': 'float, int8',
  'None none': 'float, float',
};

/** 0.0023 as 2·10⁻³. */
function power(value) {
  if (value >= 0.01) return value.toPrecision(1);
  const [digit, exponent] = value.toExponential(0).split('e-');
  return `${digit}·10⁻${[...exponent].map((place) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(place)]).join('')}`;
}

function speed() {
  const found = record();
  if (found === undefined) return missing;
  const { machine, rounds, images, simd } = found;
  return [
    table(
      [`an epoch of ${count(images)} images, ${simd}, 1 thread`, '`auto`', '`reproducible`', 'ratio'],
      found.speed.map(({ name, seconds: [fused, separate], ratio }) => [
        `\`${name}\``,
        `${fused.toFixed(3)} s`,
        `${separate.toFixed(3)} s`,
        ratio.toFixed(2),
      ]),
    ),
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; processor seconds, fastest of ${rounds} epochs in turn, and the median ratio of pairs; load of the machine at the end ${machine.load.toFixed(1)}.`,
  ].join('\n\n');
}

function divergence() {
  const found = record();
  if (found === undefined) return missing;
  const ends = (scores) => scores.map((score) => percent(score)).join(' to ');
  return table(
    [
      'weights, activations',
      ...found.looks.map((look) => `step ${look}`),
      'test accuracies, at most apart',
      `test accuracy in the ${found.lastSteps} steps after, widest range`,
    ],
    found.divergence.map(({ weights, activations, runs }) => {
      const width = ({ lastSteps: [least, most] }) => most - least;
      const widest = runs.reduce((a, b) => (width(b) > width(a) ? b : a));
      const apart = Math.max(...runs.map(({ scores: [a, b] }) => Math.abs(a - b)));
      return [
        NAMES[`${weights} ${activations}`],
        ...found.looks.map((_, i) => power(middle(runs.map(({ distances }) => distances[i])))),
        `${(100 * apart).toFixed(2)} points`,
        ends(widest.lastSteps),
      ];
    }),
  );
}

export const arithmeticTables = { 'arithmetic-speed': speed, 'arithmetic-divergence': divergence };
