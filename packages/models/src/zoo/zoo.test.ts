import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeBnm } from '../files/bnm.js';
import { ReferenceModel } from '../reference-inference.js';
import { summarizeModel } from '../summary/summary.js';
import { elementCount } from '../tensor-shape.js';
import { findZooEntry, loadZooModel, zoo } from '../zoo.js';
import { modelFiles } from './model-files.js';

const folder = fileURLToPath(new URL('../../zoo/', import.meta.url));

describe('the zoo', () => {
  it('has one file and one module a model, and nothing else', () => {
    const names = zoo.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(modelFiles)).toEqual(names);
    expect(readdirSync(folder).sort()).toEqual([...names.map((name) => `${name}.bnm`), 'manifest.json'].sort());
  });

  it('refuses other names with the nearest one', async () => {
    await expect(loadZooModel('no-such-network-at-all')).rejects.toMatchObject({ code: 'unknown-zoo-model' });
    await expect(loadZooModel('toString')).rejects.toMatchObject({ code: 'unknown-zoo-model' });
    for (const { name } of zoo) expect(() => findZooEntry(`${name}x`)).toThrow(`"${name}"`);
  });
});

// Where nothing is published yet there is nothing to check; the skipped tests say so.
describe.skipIf(zoo.length === 0)('every model of the zoo', () => {
  it('is named in kebab case, as the command takes it behind "zoo:"', () => {
    for (const { name } of zoo) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it.each(zoo)('$name is the file of the manifest and what the manifest says', async (entry) => {
    const bytes = readFileSync(join(folder, `${entry.name}.bnm`));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(entry.sha256);
    const model = await loadZooModel(entry.name);
    expect(model).toEqual(decodeBnm(bytes));
    const { total } = summarizeModel(model);
    expect(total).toMatchObject({ bytes: entry.weightBytes, macs: entry.macs });
    expect(model).toMatchObject({
      name: entry.name,
      input: { shape: entry.input },
      provenance: {
        seed: entry.seed,
        metrics: { validationAccuracy: entry.validation, testAccuracy: entry.test },
        config: { ...entry.training, data: { kind: entry.dataset } },
      },
    });
    const inputs = Int8Array.from({ length: elementCount(model.input.shape) }, (_, i) => (i * 37) % 128);
    expect(new ReferenceModel(model).infer(inputs, 1)).toHaveLength(entry.classes);
  });

  it.each(zoo)('$name is the seed with the best validation; mean and deviation are those of the seeds', (entry) => {
    const { seeds, seed, validation, test, testMean, testDeviation } = entry;
    expect(seeds).toContainEqual({ seed, validation, test });
    expect(validation).toBe(Math.max(...seeds.map((score) => score.validation)));
    const center = seeds.reduce((sum, score) => sum + score.test, 0) / seeds.length;
    expect(testMean).toBeCloseTo(center, 5);
    const squares = seeds.reduce((sum, score) => sum + (score.test - center) ** 2, 0);
    if (seeds.length === 1) expect(testDeviation).toBeUndefined();
    else expect(testDeviation).toBeCloseTo(Math.sqrt(squares / (seeds.length - 1)), 5);
  });

  it.each(zoo)('$name carries nothing of the machine that trained it', async ({ name }) => {
    const { provenance } = await loadZooModel(name);
    expect(JSON.stringify(provenance)).not.toMatch(/"(\/|[A-Za-z]:\\|~)/);
    expect(JSON.stringify(provenance)).not.toContain('"output"');
  });
});
