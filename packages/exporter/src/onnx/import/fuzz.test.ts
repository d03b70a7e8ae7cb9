// Damaged files end in typed errors: no crash, no hang, no exhausted memory.
import { writeFileSync } from 'node:fs';
import { ModelError, ReferenceModel } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../errors.js';
import { fixtureBytes, fixtureNames, randomImages, uniform } from '../__fixtures__/fixtures.js';
import { mutate } from '../__fixtures__/mutate.js';
import { elementsOf } from '../ir/tensor.js';
import { importFloatNetwork } from './import-graph.js';
import { quantizeOnnx } from './import-onnx.js';
import { readOnnx } from './read-model.js';

/** More of them, and a record of what happened: `npm run fuzz:onnx`. */
const CASES = Number(process.env.BNM_FUZZ_CASES ?? 600);
const SEED = Number(process.env.BNM_FUZZ_SEED ?? 20_261);
const RECORD = process.env.BNM_FUZZ_RECORD;
/** Of processor time: other work on the machine does not count. */
const SLOWEST_MS = 20_000;

describe('damaged ONNX files', () => {
  it(`end in typed errors or in a network that runs (${CASES} cases)`, { timeout: 3_600_000 }, async () => {
    const random = uniform(SEED);
    const files = fixtureNames.map(fixtureBytes);
    const outcomes = new Map<string, number>();
    let [slowestMs, largestBytes] = [0, 0];
    for (let index = 0; index < CASES; index++) {
      const bytes = mutate(files[index % files.length]!, random);
      const start = process.cpuUsage();
      let outcome = 'imported';
      try {
        const graph = await readOnnx(bytes);
        const { inputShape } = importFloatNetwork(graph);
        const samples = randomImages(2, elementsOf(inputShape), index);
        const rounding = index % 4 === 0 ? 'compensated' : 'nearest';
        const { model } = quantizeOnnx(graph, { calibration: { samples }, equalization: 'off', rounding });
        new ReferenceModel(model);
      } catch (error) {
        const typed = error instanceof ExporterError || error instanceof ModelError;
        if (!typed) throw new Error(`case ${index} (${fixtureNames[index % files.length]})`, { cause: error });
        expect(error.message.length).toBeGreaterThan(10);
        outcome = error.code;
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      const { user, system } = process.cpuUsage(start);
      slowestMs = Math.max(slowestMs, (user + system) / 1000);
      if (index % 10 === 0) largestBytes = Math.max(largestBytes, process.memoryUsage().rss);
    }
    if (RECORD) {
      const record = { cases: CASES, outcomes: Object.fromEntries(outcomes), slowestMs, largestBytes };
      writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);
    }
    expect(slowestMs).toBeLessThan(SLOWEST_MS);
    expect(largestBytes).toBeLessThan(2 ** 30);
    // The generator reaches every stage.
    expect([...outcomes.keys()]).toEqual(
      expect.arrayContaining(['imported', 'onnx', 'onnx-unsupported', 'onnx-limit']),
    );
  });
});
