// Studies whose runs are chosen from a space: what the document says is what is trained, and mistakes in it are found before the first run.
import { describe, expect, it } from 'vitest';
import type { FinishedRun } from '../run/run-record.js';
import type { RunRequest } from '../run/run-request.js';
import { finishedRun } from '../statistics/__fixtures__/finished-run.js';
import { bestRuns } from './best-runs.js';
import { parseStudy } from './parse-study.js';
import type { SampledStudy } from './sampled-study.js';

const document = {
  name: 'recipes',
  base: { network: 'fc-1k', epochs: 9, seed: 4, optimizer: { kind: 'adamw', weightDecay: 0.1 } },
  sampler: { kind: 'random' as const, runs: 20 },
  space: {
    learningRate: { min: 1e-4, max: 1e-2, log: true },
    batchSize: [32, 64, 128],
    'optimizer.weightDecay': { min: 0.01, max: 1, log: true },
    augmentation: ['none', { rotation: 5 }],
    network: ['fc-1k', 'fc-12k'],
  },
};
type Parts = Record<string, unknown>;
const parse = (changes: Parts = {}) => parseStudy({ ...document, ...changes } as unknown) as SampledStudy;

/** Tells the error that a function of the request gives, one run after another. */
async function requestsOf(
  { sampler }: SampledStudy,
  error: (request: RunRequest) => number,
  bytes: (request: RunRequest) => number = () => 100,
) {
  const requests: RunRequest[] = [];
  for (let request = await sampler.next(); request !== undefined; request = await sampler.next()) {
    requests.push(request);
    const accuracy = 1 - error(request);
    const validation = { float: { loss: 1, accuracy }, integer: { accuracy } };
    sampler.tell({ ...finishedRun({ seed: 1 }), request, validation, weightBytes: bytes(request) });
  }
  return requests;
}

describe('a study with a sampler', () => {
  it('trains what the space says, by paths into the base', async () => {
    const requests = await requestsOf(parse(), () => 0.5);
    expect(requests).toHaveLength(20);
    for (const { config, targets, test } of requests) {
      expect([targets, test, config.epochs, config.seed]).toEqual([[], false, 9, 4]);
      expect(config.learningRate).toBeGreaterThanOrEqual(1e-4);
      expect(config.learningRate).toBeLessThanOrEqual(1e-2);
      expect(config.optimizer).toMatchObject({ kind: 'adamw' });
    }
    const seen = (value: (config: RunRequest['config']) => unknown) =>
      new Set(requests.map(({ config }) => JSON.stringify(value(config))));
    expect(seen(({ batchSize }) => batchSize)).toEqual(new Set(['32', '64', '128']));
    expect(seen(({ network }) => network)).toEqual(new Set(['"fc-1k"', '"fc-12k"']));
    expect(seen(({ augmentation }) => typeof augmentation)).toEqual(new Set(['"string"', '"object"']));
    expect(seen(({ optimizer }) => optimizer).size).toBe(20);
    // Drawn by the logarithm: about half of them below the geometric mean.
    const small = requests.filter(({ config }) => config.learningRate < 1e-3).length;
    expect(small).toBeGreaterThan(4);
    expect(small).toBeLessThan(16);
    expect(await requestsOf(parse(), () => 0.5)).toEqual(requests);
  });

  it('gives the best of asha all epochs, and nsga2 what is accurate and small', async () => {
    const rate = ({ config }: RunRequest) => Math.abs(Math.log10(config.learningRate) + 3);
    const halved = await requestsOf(
      parse({ sampler: { kind: 'asha', runs: 60, rungs: [1 / 3, 1] } }),
      (r) => rate(r) / 2,
    );
    const distance = (epochs: number) => {
      const some = halved.filter(({ config }) => config.epochs === epochs).map(rate);
      return some.reduce((sum, one) => sum + one, 0) / some.length;
    };
    expect(distance(9)).toBeLessThan(0.7 * distance(3));

    const bytes = ({ config }: RunRequest) => (config.network === 'fc-1k' ? 1000 : 12_000);
    const study = parse({ sampler: { kind: 'nsga2', runs: 150, population: 10 } });
    const evolved = await requestsOf(study, (r) => rate(r) / 2, bytes);
    const late = evolved.slice(100).map(rate);
    expect(late.reduce((sum, one) => sum + one, 0) / late.length).toBeLessThan(0.3);
    const fitness = study.fitness!({ ...finishedRun({ seed: 1 }), weightBytes: 77 });
    expect(fitness.objectives).toHaveLength(2);
    expect(fitness.objectives[1]).toBe(77);
  });

  it('names runs by what they differ in', async () => {
    const study = parse();
    const request = (await study.sampler.next())!;
    expect(study.label!(request)).toMatch(
      /^learningRate=0\.00\d+ batchSize=(32|64|128) optimizer.weightDecay=[\d.]+ augmentation=.* network=fc-\d+k epochs=9$/,
    );
  });

  it('shows the best runs, each once', () => {
    const run = (key: string, accuracy: number) => {
      const validation = { float: { loss: 1, accuracy }, integer: { accuracy } };
      return { record: { ...finishedRun({ seed: 1 }), key, validation } as FinishedRun };
    };
    const runs = [
      run('a', 0.5),
      run('b', 0.9),
      run('b', 0.9),
      ...Array.from({ length: 12 }, (_, i) => run(`c${i}`, i / 20)),
    ];
    const best = bestRuns(parse(), runs).map(({ record }) => record.key);
    expect(best).toHaveLength(10);
    expect(best.slice(0, 2)).toEqual(['b', 'c11']);
  });

  it.each<[Parts, RegExp]>([
    [{ sampler: { kind: 'random' } }, /runs/],
    [{ sampler: { kind: 'tpe', runs: 4 } }, /random.*asha.*nsga2/s],
    [{ sampler: { kind: 'random', runs: 4, rungs: [1] } }, /rungs/],
    [{ space: {} }, /at least one key/],
    [{ space: { learningRat: [1e-3] } }, /learningRat/],
    [{ space: { learningRate: [1e-3, -1] } }, /learningRate=-1.*learningRate/s],
    [{ space: { learningRate: { min: 1, max: 0.1 } } }, /min below max/],
    [{ space: { learningRate: { min: 0, max: 1, log: true } } }, /a min above 0/],
    [{ space: { batchSize: { min: 1.5, max: 8, whole: true } } }, /whole ends/],
    [{ space: { batchSize: { min: 16, max: 64 }, learningRate: [1e-3] }, seeds: 3 }, /seeds/],
    [{ space: { 'epochs.many': [3] } }, /9 at epochs: an object or a list wanted/],
    [{ space: { '__proto__.x': [3] } }, /path of keys|__proto__/],
    [{ sampler: { kind: 'nsga2', runs: 4, objectives: ['error', 'cycles'] } }, /objective cycles and no target/],
    [{ base: { network: 'fc-1k', validation: 0 }, space: { learningRate: [1e-3] } }, /held-out samples/],
  ])('refuses %j', (changes, message) => {
    expect(() => parse(changes)).toThrow(message);
    expect(() => parse(changes)).toThrow(expect.objectContaining({ code: 'invalid-study' }));
  });
});
