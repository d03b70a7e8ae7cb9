// Accuracy of each weight format, from packages/exporter/bench/formats.mjs.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, spread, table } from './markdown.mjs';

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sample standard deviation; undefined of one value. */
function deviation(values) {
  if (values.length < 2) return undefined;
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

function accuracyTable() {
  const results = measured(join(root, 'packages', 'exporter', 'bench', 'results', 'formats.json'));
  if (results === undefined) return 'Not measured yet: `node packages/exporter/bench/formats.mjs`.';
  const { epochs, machine, runs } = results;
  const formats = [...new Set(runs.map(({ format }) => format))];
  const cells = (study, format) => {
    const found = runs.filter((run) => run.study === study && run.format === format);
    if (found.length === 0) return ['', ''];
    const tests = found.map(({ test }) => test);
    const [{ weightBytes, width }] = found;
    const size = `${count(weightBytes)} B`;
    return [width === undefined ? size : `3 × ${width}, ${size}`, spread(mean(tests), deviation(tests))];
  };
  const most = Math.max(
    ...formats.map((format) => runs.filter((run) => run.study === 'fc' && run.format === format).length),
  );
  const images = runs.reduce((sum, run) => sum + run.images * (run.implementations.length - 1), 0);
  const mismatches = runs.reduce((sum, run) => sum + run.mismatches, 0);
  const others = [...new Set(runs.flatMap(({ implementations }) => implementations.slice(1)))];
  return [
    table(
      ['format', 'bits', 'fc-12k', 'test %', 'cnn-16-small', 'test %', 'hidden layers in 12.3 kB', 'test %'],
      formats.map((format) => [
        `\`${format}\``,
        runs.find((run) => run.format === format).bits,
        ...cells('fc', format),
        ...cells('cnn', format),
        ...cells('flash', format),
      ]),
    ),
    `${epochs} epochs, the default recipe, mean ± standard deviation over ${most} seeds. Every run's model classified all 10 000 test images in ` +
      `TypeScript and in ${others.map((name) => `\`${name}\``).join(', ')}: ${mismatches} of ${count(images)} results differed in any bit. ${machine.cpu}, Node ${machine.node}.`,
  ].join('\n\n');
}

export const formatTables = { 'format-accuracy': accuracyTable };
