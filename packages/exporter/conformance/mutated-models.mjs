// Model files changed at random, their checksums made right again: what `decodeBnm` accepts must run everywhere as in the reference,
// and without a word of the sanitizers; what it does not accept is refused with a typed error.
//   node conformance/mutated-models.mjs [--files 3000] [--seed 1] [--json <file>]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { getLayout, lowerModel } from '@bitnetmcu/mcu-runtime/internal';
import { decodeBnm, encodeBnm } from '@bitnetmcu/models';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import {
  BNM_FORMAT,
  decodeContainer,
  elementCount,
  encodeContainer,
  ReferenceModel,
  resolveModel,
} from '@bitnetmcu/models/internal';
import { describeModel, SeededRandom } from '@bitnetmcu/models/internal/conformance';
import { compareAll } from './compare.mjs';
import { cImplementations, portableImplementations } from './implementations.mjs';
import { mutate } from './mutate.mjs';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const [files, seed] = [Number(values.files), Number(values.seed)];
if (!Number.isInteger(files) || files < 1 || !Number.isInteger(seed)) {
  console.error('--files and --seed: whole numbers wanted.');
  process.exit(2);
}

const SAMPLES = 4;
const CHUNK = 100;
/** Larger ones are counted and left out: they take the time of thousands. */
const MAX_ACTIVATIONS = 200_000;

const counts = { files, refused: {}, 'too large to run here': 0, run: 0 };
const failures = [];

function refuse(code) {
  counts.refused[code] = (counts.refused[code] ?? 0) + 1;
}

/** The job of a changed file, or undefined where it is refused. */
function jobOf(index) {
  const random = new SeededRandom(seed, index, 0xf0);
  const bytes = encodeBnm(conformanceModel(seed, index, { maxElements: 200 }));
  const about = () => `seed ${seed}, file ${index}`;
  try {
    const { header, sections } = decodeContainer(BNM_FORMAT, bytes);
    const model = decodeBnm(encodeContainer(BNM_FORMAT, mutate(random, { header, sections: new Map(sections) })));
    const activations = resolveModel(model).reduce((sum, { outputShape }) => sum + elementCount(outputShape), 0);
    if (activations + elementCount(model.input.shape) > MAX_ACTIVATIONS) {
      counts['too large to run here']++;
      return undefined;
    }
    const reference = new ReferenceModel(model);
    const inputs = conformanceInputs(seed, index, reference.inputs, SAMPLES);
    const expected = reference.infer(inputs, SAMPLES);
    // What only the reference runs (a concat of logits) must be refused before any C is made of it, with a code as above.
    lowerModel(model, getLayout('plain'), { everyTensor: false });
    return { model, inputs, count: SAMPLES, expected, about: `${about()}: ${describeModel(model)}` };
  } catch (error) {
    if (typeof error.code === 'string' && /^[a-z-]+$/.test(error.code)) refuse(error.code);
    else failures.push(`${about()}: untyped ${error.stack}`);
    return undefined;
  }
}

const cache = mkdtempSync(join(tmpdir(), 'bitnetmcu-mutated-'));
const started = Date.now();
try {
  const implementations = [...portableImplementations(), ...cImplementations(cache)];
  for (let first = 0; first < files; first += CHUNK) {
    const count = Math.min(CHUNK, files - first);
    const jobs = Array.from({ length: count }, (_, i) => jobOf(first + i)).filter((job) => job !== undefined);
    counts.run += jobs.length;
    if (jobs.length === 0) continue;
    for (const implementation of implementations) failures.push(...(await compareAll(implementation, jobs)));
    const seconds = (Date.now() - started) / 1000;
    const left = (seconds / (first + count)) * (files - first - count);
    console.log(
      `${first + count} of ${files} files, ${counts.run} run, ${failures.length} failures; ${seconds.toFixed(0)} s, about ${left.toFixed(0)} s left`,
    );
  }
} finally {
  rmSync(cache, { recursive: true, force: true });
}

for (const failure of failures) console.log(`✗ ${failure}`);
console.log(JSON.stringify(counts, undefined, 2));
if (values.json !== undefined) {
  const record = {
    command: `node conformance/mutated-models.mjs ${process.argv.slice(2, process.argv.indexOf('--json')).join(' ')}`,
    date: new Date(started).toISOString().slice(0, 10),
    seed,
    ...counts,
    failures,
    seconds: Math.round((Date.now() - started) / 1000),
  };
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(record, undefined, 2)}\n`);
}
process.exit(failures.length === 0 && counts.run > 0 ? 0 : 1);
