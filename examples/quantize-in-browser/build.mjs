// Builds public/: trains the float network (once), and copies page and packages as they are; browsers load ES modules by themselves.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeTrainedNetworkFile } from '@bitnetmcu/models/node';
import { createTrainingRun } from '@bitnetmcu/trainer';

const { values } = parseArgs({ options: { epochs: { type: 'string' } } });
const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, 'public');
const networkFile = join(output, 'digits.bnt');

/** Float weights and norm-free layers but RMS: what the page can round to any format. */
const linear = (name, outputs) => ({ type: 'linear', name, outputs, weights: { format: 'None' } });
const relu = (name) => ({ type: 'activation', name, function: 'relu' });
const network = {
  name: 'digits',
  input: { shape: [256] },
  layers: [linear('fc1', 64), relu('relu1'), linear('fc2', 32), relu('relu2'), linear('fc3', 10)],
};

async function train(epochs) {
  const run = await createTrainingRun({ network, epochs }, { onNotice: console.log });
  const result = await run.run({ onEpoch: ({ epoch }) => console.log(`trained ${epoch + 1} of ${epochs} epochs`) });
  writeTrainedNetworkFile(networkFile, run.trainedNetwork());
  await run.close();
  if (result.status === 'finished')
    console.log(`${(result.test.accuracy * 100).toFixed(2)} % of the test images in float`);
}

function copyModules() {
  const require = createRequire(import.meta.url);
  const vendor = join(output, 'vendor');
  rmSync(vendor, { recursive: true, force: true });
  const sources = ['quant', 'models', 'mcu-runtime'].map((name) => [
    name,
    dirname(require.resolve(`@bitnetmcu/${name}`)),
  ]);
  sources.push(['zod', dirname(require.resolve('zod/package.json'))]);
  for (const [name, folder] of sources) {
    // Only what a browser loads: ES modules, no declarations, maps, CommonJS or TypeScript sources.
    const wanted = (path) => !path.endsWith('/src') && (!/\.[a-z]+$/.test(path) || path.endsWith('.js'));
    cpSync(folder, join(vendor, name), {
      recursive: true,
      dereference: true,
      filter: (path) => path === folder || wanted(path.replaceAll('\\', '/')),
    });
  }
  cpSync(join(here, 'src'), output, { recursive: true });
}

mkdirSync(output, { recursive: true });
if (values.epochs !== undefined || !existsSync(networkFile)) await train(Number(values.epochs ?? 20));
copyModules();
