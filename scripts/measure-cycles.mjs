// Measures models on the simulated parts and records the figures for the documentation:
//   node scripts/measure-cycles.mjs [model.bnm …]     writes bench/results/cycles.json; without models those of the zoo below
// Needs the built command and the MNIST test images. Modelled cycles are the same on every machine.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './workspace.mjs';

const ZOO_MODELS = [
  ...['fc-1k', 'fc-12k', 'fc-12k-fp130', 'cnn-16-small', 'cnn-64'],
  ...['mini-cnn-1k', 'mini-cnn-3k', 'mini-cnn-11k', 'mini-fc-12k'],
];
/** Targets with their default kernels, and kernels that are faster and take more RAM, where the model fits with them. */
const TARGETS = [['ch32v003'], ['ch32v003', 'fast'], ['ch32v002'], ['rp2040']];
/** The test images over which the original project's figures are means. */
const PUBLISHED_IMAGES = '6048,455,4584';

function simulate(model, target, choice) {
  const command = join(root, 'packages', 'cli', 'bin', 'bitnetmcu.js');
  const args = [command, 'sim', model, '--target', target, ...choice, '--json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const result = JSON.parse(stdout || 'null');
  if (result === null) throw new Error(`bitnetmcu sim ${model} --target ${target}: ${stderr}`);
  return result;
}

function inspect(model) {
  const command = join(root, 'packages', 'cli', 'bin', 'bitnetmcu.js');
  const { stdout } = spawnSync(process.execPath, [command, 'inspect', model, '--json'], { encoding: 'utf8' });
  return JSON.parse(stdout);
}

const asked = process.argv.slice(2);
const models = asked.length > 0 ? asked : ZOO_MODELS.map((name) => `zoo:${name}`);
const rows = models.flatMap((model) => {
  const { name } = inspect(model);
  return TARGETS.flatMap(([target, asked]) => {
    const chosen = asked === undefined ? [] : ['--kernels', asked];
    const published = simulate(model, target, ['--indices', PUBLISHED_IMAGES, ...chosen]);
    if (!published.fits) return [];
    const hundred = simulate(model, target, ['--images', '100', ...chosen]);
    const { kernels, flash, ram } = hundred;
    process.stderr.write(`${name} ${target} ${kernels}: ${published.cycles.mean}\n`);
    return {
      network: name,
      target,
      kernels,
      published: published.cycles.mean,
      mean: hundred.cycles.mean,
      max: hundred.cycles.max,
      worst: hundred.cycles.worst,
      flash: flash.code + flash.weights,
      ram: ram.static + ram.stack,
    };
  });
});
const file = join(root, 'bench', 'results', 'cycles.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify({ images: PUBLISHED_IMAGES, rows }, null, 2)}\n`);
