// What an entry's layers reach without quantization: the same network with float weights and activations, trained by the same recipe.
//   node zoo/float-ceiling.mjs [--seeds 1,2,3] [--out runs/zoo] [--epochs n] [name …]
// Writes <out>/<name>/float-ceiling.json, which publish.mjs puts into the manifest. Seeds that are there are not trained again.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPreset, parseNetworkSpec } from '@bitnetmcu/models';
import { createTrainingRun, loadDataset } from '@bitnetmcu/trainer';
import { trainingArguments } from './arguments.mjs';
import { configOf } from './entries.mjs';

const { seeds, out, epochsOf, chosen } = trainingArguments();

/** Every layer with float weights, reading float activations. */
function withoutQuantization(network) {
  const spec = typeof network === 'string' ? buildPreset(network) : parseNetworkSpec(network);
  return {
    ...spec,
    name: `${spec.name}-float`,
    layers: spec.layers.map((layer) =>
      'weights' in layer
        ? { ...layer, weights: { ...layer.weights, format: 'None' }, activationQuantizer: 'none' }
        : layer,
    ),
  };
}

for (const entry of chosen) {
  const { name, config } = entry;
  const file = join(out, name, 'float-ceiling.json');
  const ceiling = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { seeds: [] };
  const epochs = epochsOf(entry);
  const dataset = await loadDataset({ kind: 'mnist', ...config.data });
  for (const seed of seeds) {
    if (ceiling.seeds.some((one) => one.seed === seed && one.epochs === epochs)) continue;
    const network = withoutQuantization(config.network);
    const run = await createTrainingRun({ ...configOf(entry, seed), network, epochs }, { dataset });
    const { status, test, history } = await run.run();
    await run.close();
    if (status !== 'finished') throw new Error(`${name}: ${status}`);
    const validation = history.at(-1).validation?.accuracy;
    ceiling.seeds.push({ seed, epochs, validation, test: test.accuracy });
    mkdirSync(join(out, name), { recursive: true });
    writeFileSync(file, `${JSON.stringify(ceiling, null, 2)}\n`);
    console.log(`${name.padEnd(18)} seed ${seed}  float  validation ${(100 * validation).toFixed(2)} %`);
  }
}
