// Puts trained models into @bitnetmcu/models/zoo: of each entry the seed with the best validation score.
//   node zoo/publish.mjs [--runs runs/zoo] [--package packages/models] [name …]
// With names only these entries are replaced, else the zoo holds exactly the entries that have runs. The same runs give the same files.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { layoutModel } from '@bitnetmcu/mcu-runtime';
import { encodeBnm, summarizeModel } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { meanAndDeviation } from '@bitnetmcu/studies/internal';
import { chosenEntries } from './arguments.mjs';
import { describeNetwork } from './describe-network.mjs';
import { onTargets } from './on-targets.mjs';
import { publishedFigure } from './published-figures.mjs';
import { publicConfig, readFloatCeiling, readRuns, selectRun } from './runs.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: join(root, 'runs', 'zoo') },
    package: { type: 'string', default: join(root, 'packages', 'models') },
  },
  allowPositionals: true,
});
const folder = join(values.package, 'zoo');
const manifestFile = join(folder, 'manifest.json');

/** The model as it is shipped: named for its entry, with where it comes from and nothing of the machine that trained it. */
function shippedModel(name, { model, result }) {
  const { tool, created, seed, dataset, datasetSha256, config } = model.provenance;
  return {
    ...model,
    name,
    provenance: {
      ...{ tool, created, seed, dataset, datasetSha256 },
      metrics: { validationAccuracy: result.validation, testAccuracy: result.test },
      config: publicConfig(config),
    },
  };
}

const rounded = (value) => Math.round(value * 1e6) / 1e6;

async function describe(entry, runs, chosen, model, file) {
  const { name } = entry;
  const { result } = chosen;
  const { network: _network, data, seed: _seed, ...training } = model.provenance.config;
  const { total } = summarizeModel(model);
  const { ramBytes, inputs, outputs } = layoutModel(model);
  const tests = runs.map((run) => run.result.test);
  const { mean, deviation } = meanAndDeviation(tests);
  const floatCeiling = readFloatCeiling(values.runs, name);
  const published = publishedFigure(entry);
  const epochs = entry.config.epochs === result.epochs ? '' : ` --epochs ${result.epochs}`;
  return {
    name,
    network: describeNetwork(model),
    dataset: data.kind,
    input: model.input.shape,
    classes: outputs,
    weightBytes: total.bytes,
    ramBytes: ramBytes + inputs + 4 * outputs,
    macs: total.macs,
    ...(await onTargets(model)),
    seed: result.seed,
    validation: result.validation,
    test: result.test,
    seeds: runs.map((run) => ({ seed: run.result.seed, validation: run.result.validation, test: run.result.test })),
    testMean: rounded(mean),
    ...(tests.length > 1 && { testDeviation: rounded(deviation) }),
    ...(floatCeiling !== undefined && { floatCeiling: rounded(floatCeiling) }),
    ...(published !== undefined && { published }),
    trainingSeconds: Math.round(result.seconds),
    training,
    command: `node zoo/train.mjs --seeds ${result.seed}${epochs} ${name}`,
    sha256: createHash('sha256').update(file).digest('hex'),
  };
}

/** The module that loads each model's file when it is asked for. */
function moduleOfFiles(manifest) {
  const key = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`);
  const lines = manifest.map(({ name }) => `  ${key(name)}: () => import('../../zoo/${name}.bnm'),\n`);
  return `// Written by zoo/publish.mjs: the file of each model, loaded when it is asked for.

type ModelFile = () => Promise<{ readonly default: string }>;

export const modelFiles: Readonly<Record<string, ModelFile>> = {${lines.length > 0 ? `\n${lines.join('')}` : ''}};
`;
}

mkdirSync(folder, { recursive: true });
const before = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, 'utf8')) : [];
const manifest = positionals.length > 0 ? before.filter(({ name }) => !positionals.includes(name)) : [];
for (const entry of chosenEntries(positionals).filter(({ teaches }) => !teaches)) {
  const { name, budget } = entry;
  const runs = readRuns(values.runs, name);
  if (runs.length === 0) {
    if (positionals.length > 0) throw new Error(`${name} has no finished run in ${values.runs}.`);
    continue;
  }
  const chosen = selectRun(entry, runs);
  const model = shippedModel(name, chosen);
  const file = encodeBnm(model);
  const described = await describe(entry, runs, chosen, model, file);
  if (budget !== undefined && described.weightBytes > budget) {
    throw new Error(`${name}: ${described.weightBytes} bytes of weights, ${budget} allowed.`);
  }
  writeFileAtomic(join(folder, `${name}.bnm`), file);
  manifest.push(described);
  const percent = (share) => `${(100 * share).toFixed(2)} %`;
  console.log(
    `${name.padEnd(18)} seed ${described.seed} of ${runs.length}  ${String(described.weightBytes).padStart(6)} B  validation ${percent(described.validation)}  test ${percent(described.test)}  fits ${described.targets.join(' ')}`,
  );
}
// MNIST first, then by size.
const rank = ({ dataset }) => (dataset === 'mnist' ? 0 : 1);
manifest.sort(
  (a, b) =>
    rank(a) - rank(b) ||
    a.dataset.localeCompare(b.dataset) ||
    a.weightBytes - b.weightBytes ||
    (a.name < b.name ? -1 : 1),
);
for (const file of readdirSync(folder)) {
  if (file.endsWith('.bnm') && !manifest.some(({ name }) => file === `${name}.bnm`)) rmSync(join(folder, file));
}
writeFileAtomic(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
writeFileAtomic(join(values.package, 'src', 'zoo', 'model-files.ts'), moduleOfFiles(manifest));
console.log(`${manifest.length} models in ${folder}. Next: npm run build, npm run zoo:check, npm run docs:tables.`);
