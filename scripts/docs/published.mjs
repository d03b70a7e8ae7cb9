// The figures that the original project published for real chips, beside those of the simulator: the source of the bands of cycles.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, table } from './markdown.mjs';

const recorded = () =>
  measured(join(root, 'packages', 'mcu-runtime', 'simulator', 'results', 'published-figures.json'));
const signed = (ratio) => `${ratio < 0 ? '−' : '+'}${(100 * Math.abs(ratio)).toFixed(1)} %`;

function figures() {
  const found = recorded();
  if (found === undefined) return undefined;
  const error = (figure, kind) => figure[kind] / figure.published - 1;
  const summary = (kind) => {
    const errors = found.figures.map((figure) => Math.abs(error(figure, kind)));
    const mean = errors.reduce((sum, one) => sum + one, 0) / errors.length;
    return `${(100 * mean).toFixed(1)} % mean, ${(100 * Math.max(...errors)).toFixed(1)} % worst`;
  };
  return [
    table(
      [
        'published figure',
        'multiplies',
        'cycles',
        "the original's C here",
        'error',
        'kernels of our own here',
        'error',
      ],
      [
        ...found.figures.map((figure) => [
          figure.figure,
          figure.multiplies ? 'yes' : 'no',
          count(figure.published),
          count(figure.original),
          signed(error(figure, 'original')),
          count(figure.standIn),
          signed(error(figure, 'standIn')),
        ]),
        ['all', '', '', '', summary('original'), '', summary('standIn')],
      ],
    ),
    `Kernels of our own: \`${found.standIn.command}\`, ${found.standIn.date}, ${found.standIn.compiler}. The original's C: ${found.original.what}; ${found.original.compiler}, test images ${found.original.images.join(', ')}.`,
  ].join('\n\n');
}

export const publishedTables = { 'published-figures': figures };
