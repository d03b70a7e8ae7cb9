// The recordings as a data set, kept beside them: reading twelve thousand of them takes minutes.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { loadDataset } from '../../packages/trainer/dist/index.js';

/** What `loadDataset` gives for the spec. */
export async function keptDataset(spec) {
  const key = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
  const file = join(dirname(spec.train), `${key}.dataset`);
  if (existsSync(file)) return deserialize(readFileSync(file));
  const dataset = await loadDataset(spec);
  writeFileSync(file, serialize(dataset));
  return dataset;
}
