// Samplers: the same runs whoever runs them; halving and evolution find what random search does not.
import { parseTrainingConfig } from '@bitnetmcu/trainer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hypervolume } from '../front/hypervolume.js';
import type { FailedRun, RunRecord } from '../run/run-record.js';
import type { RunRequest } from '../run/run-request.js';
import { finishedRun } from '../statistics/__fixtures__/finished-run.js';
import { pairedT } from '../statistics/paired-t.js';
import type { Sampler } from './sampler.js';
import { evolutionSampler, halvingSampler, randomSampler } from './samplers.js';
import type { Genes, Space } from './space.js';

const VARIABLES = 8;
const space: Space = Object.fromEntries(
  Array.from({ length: VARIABLES }, (_, i) => [`x${i}`, { kind: 'real', min: 0, max: 1 } as const]),
);
const base = parseTrainingConfig({ epochs: 9 });

/** Records of a made-up problem: genes travel as text in the name of the data set. */
const decode = (genes: Genes): RunRequest => ({
  config: { ...base, data: { kind: 'folder', path: JSON.stringify(genes) } as unknown as typeof base.data },
  targets: [],
  test: false,
});
const genesOf = ({ config }: RunRequest): number[] =>
  Object.values(JSON.parse((config.data as unknown as { path: string }).path) as Genes);

function finished(request: RunRequest): RunRecord {
  return { ...finishedRun({ seed: 1 }), request };
}

/** ZDT1 (Zitzler, Deb, Thiele 2000): the front is f2 = 1 − √f1 where all variables but the first are 0. */
function zdt1([first, ...others]: readonly number[]): readonly [number, number] {
  const g = 1 + (9 * others.reduce((sum, value) => sum + value, 0)) / others.length;
  return [first!, g * (1 - Math.sqrt(first! / g))];
}

/** Runs a sampler as a pool does: `parallel` at a time, ended in the order that `pick` chooses, told in the order in which they were given. */
async function execute(
  sampler: Sampler,
  parallel: number,
  pick: (count: number) => number,
  failed: ReadonlySet<number> = new Set(),
) {
  const requests: RunRequest[] = [];
  const ended = new Map<number, RunRecord>();
  const running: number[] = [];
  let told = 0;
  for (;;) {
    while (running.length < parallel && requests.length - told < sampler.lag) {
      const request = await sampler.next();
      if (request === undefined) break;
      running.push(requests.length);
      requests.push(request);
    }
    if (running.length === 0) return requests;
    const [index] = running.splice(pick(running.length), 1);
    const failure = { status: 'failed', request: requests[index!]! } as FailedRun;
    ended.set(index!, failed.has(index!) ? failure : finished(requests[index!]!));
    for (; ended.has(told); told++) sampler.tell(ended.get(told)!);
  }
}

const evolved = (seed: number, runs: number, lag = 4) =>
  evolutionSampler({
    space,
    runs,
    seed,
    lag,
    population: 16,
    decode,
    fitness: ({ request }) => ({ objectives: zdt1(genesOf(request)), violation: 0 }),
  });

const randomly = (seed: number, runs: number) =>
  randomSampler({ space, runs, seed, decode, fitness: () => ({ objectives: [0], violation: 0 }) });

const halved = (lag: number, runs: number) =>
  halvingSampler({
    space,
    runs,
    lag,
    rungs: [1 / 3, 1],
    decode,
    fitness: ({ request }) => ({ objectives: [zdt1(genesOf(request))[1]], violation: 0 }),
  });

describe.each<[string, (lag: number) => Sampler]>([
  ['evolution', (lag) => evolved(1, 60, lag)],
  ['halving', (lag) => halved(lag, 60)],
  [
    'evolution with short runs first',
    (lag) =>
      evolutionSampler({
        space,
        runs: 60,
        lag,
        population: 8,
        rungs: [1 / 3, 1],
        decode,
        // A short run is worse by half.
        fitness: ({ request }) => ({
          objectives: zdt1(genesOf(request)).map((value) => (request.config.epochs === 9 ? value : 1.5 * value)),
          violation: 0,
        }),
      }),
  ],
])('%s', (_, make) => {
  it('gives the same runs, however many run at a time and in whatever order they end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer(),
        fc.integer({ min: 1, max: 12 }),
        async (lag, order, parallel) => {
          let state = order;
          const pick = (count: number) => {
            state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
            return state % count;
          };
          expect(await execute(make(lag), parallel, pick)).toEqual(await execute(make(lag), 1, () => 0));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('goes on where runs fail', async () => {
    const failed = new Set([0, 3, 4, 5, 30]);
    expect(await execute(make(3), 3, () => 0, failed)).toHaveLength(60);
  });

  it('refuses to be asked before it can know, and told what it did not give', async () => {
    const sampler = make(2);
    expect(() => sampler.tell(finished(decode({})))).toThrow(/one result of each run/);
    await sampler.next();
    await sampler.next();
    await expect(sampler.next()).rejects.toThrow(/at most 2 runs under way/);
  });
});

describe('evolutionSampler', () => {
  it('dominates more of ZDT1 than random search with as many runs', async () => {
    const volume = async (sampler: Sampler) =>
      hypervolume(
        (await execute(sampler, 4, () => 0)).map((request) => [...zdt1(genesOf(request))]),
        [1.1, 11],
      );
    const seeds = [1, 2, 3, 4, 5];
    const volumes = (make: typeof randomly) => Promise.all(seeds.map((seed) => volume(make(seed, 300))));
    const [random, evolution] = [await volumes(randomly), await volumes(evolved)];
    const { difference, p } = pairedT(random, evolution);
    expect(difference).toBeGreaterThan(0);
    expect(p).toBeLessThan(0.001);
  });

  it('keeps to limits: what breaks them is no parent for long', async () => {
    // Only x0 ≥ 0.9 is allowed, a tenth of what is random.
    const sampler = evolutionSampler({
      space,
      runs: 200,
      population: 16,
      decode,
      fitness: ({ request }) => ({
        objectives: zdt1(genesOf(request)),
        violation: Math.max(0, 0.9 - genesOf(request)[0]!),
      }),
    });
    const allowed = (await execute(sampler, 1, () => 0)).map((request) => genesOf(request)[0]! >= 0.9);
    expect(allowed.slice(100).filter(Boolean).length).toBeGreaterThan(80);
  });
});

describe('halvingSampler', () => {
  it('gives the best third of the short runs all epochs', async () => {
    const requests = await execute(halved(1, 40), 1, () => 0);
    const [short, long] = [3, 9].map((epochs) => requests.filter(({ config }) => config.epochs === epochs));
    expect(long!.length).toBeGreaterThanOrEqual(9);
    const score = (request: RunRequest) => zdt1(genesOf(request))[1];
    const mean = (all: readonly RunRequest[]) => all.reduce((sum, one) => sum + score(one), 0) / all.length;
    expect(mean(long!)).toBeLessThan(mean(short!));
  });

  it('promotes short runs that break what only long ones can keep, those that break it least first', async () => {
    const sampler = halvingSampler({
      space: { rate: { kind: 'integer', min: 1, max: 9 } },
      ...{ runs: 100, lag: 1, rungs: [1 / 3, 1] },
      decode: ({ rate }) => ({ config: { ...base, learningRate: rate! }, targets: [], test: false }),
      fitness: ({ request: { config } }) => ({
        objectives: [config.learningRate],
        violation: config.epochs === 3 ? config.learningRate : 0,
      }),
    });
    const long = (await execute(sampler, 1, () => 0)).filter(({ config }) => config.epochs === 9);
    expect(long.map(({ config }) => config.learningRate)).toEqual(expect.arrayContaining([1, 2, 3]));
  });

  it('of few epochs makes no run twice', async () => {
    const sampler = halvingSampler({
      space: { rate: { kind: 'integer', min: 1, max: 9 } },
      ...{ runs: 100, lag: 1, rungs: [0.1, 0.3, 1] },
      decode: ({ rate }) => ({ config: { ...base, epochs: 4, learningRate: rate! }, targets: [], test: false }),
      fitness: ({ request: { config } }) => ({ objectives: [config.learningRate], violation: 0 }),
    });
    const requests = await execute(sampler, 1, () => 0);
    // 0.4 and 1.2 epochs are one: 9 runs of it, of which the 3 best are trained for 4.
    const rates = (epochs: number) =>
      requests.filter(({ config }) => config.epochs === epochs).map(({ config }) => config.learningRate);
    expect(rates(1).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(rates(4)).toEqual(expect.arrayContaining([1, 2, 3]));
    expect(new Set(rates(4)).size).toBe(rates(4).length);
  });

  it('trains the best half with another held-out part', async () => {
    const sampler = halvingSampler({
      space: { rate: { kind: 'integer', min: 1, max: 4 } },
      ...{ runs: 100, lag: 1, splits: 2, reduction: 2 },
      decode: ({ rate }) => ({ config: { ...base, learningRate: rate!, splitSeed: 5 }, targets: [], test: false }),
      fitness: ({ request: { config } }) => ({ objectives: [config.learningRate], violation: 0 }),
    });
    const requests = await execute(sampler, 1, () => 0);
    const ofSplit = (seed: number) => requests.filter(({ config }) => config.splitSeed === seed);
    expect(
      ofSplit(5)
        .map(({ config }) => config.learningRate)
        .sort(),
    ).toEqual([1, 2, 3, 4]);
    expect(ofSplit(6).map(({ config }) => config.learningRate)).toEqual(expect.arrayContaining([1, 2]));
    expect(requests.every(({ config }) => config.epochs === 9)).toBe(true);
  });

  it('of a small space ends with the best ones promoted, on one machine or many', async () => {
    const sampler = (): Sampler =>
      halvingSampler({
        space: { rate: { kind: 'integer', min: 1, max: 9 } },
        runs: 100,
        lag: 8,
        decode: ({ rate }) => ({ config: { ...base, learningRate: rate! }, targets: [], test: false }),
        fitness: ({ request: { config } }) => ({ objectives: [config.learningRate], violation: 0 }),
      });
    const rates = async (parallel: number, pick: (count: number) => number) =>
      (await execute(sampler(), parallel, pick)).map(({ config }) => [config.epochs, config.learningRate]);
    const requests = await rates(1, () => 0);
    // 9 runs of 1 epoch, the 3 best of 3, the best of 9.
    expect(requests.filter(([epochs]) => epochs === 1)).toHaveLength(9);
    expect(requests.filter(([epochs]) => epochs === 3).map(([, rate]) => rate)).toEqual(
      expect.arrayContaining([1, 2, 3]),
    );
    expect(requests.filter(([epochs]) => epochs === 9)).toContainEqual([9, 1]);
    expect(await rates(8, (count) => count - 1)).toEqual(requests);
  });

  it.each([{ rungs: [0.5] }, { rungs: [1, 1] }, { rungs: [] }, { reduction: 1 }, { lag: 0 }, { runs: 1.5 }])(
    'refuses %j',
    (wrong) => {
      expect(() =>
        halvingSampler({ space, runs: 3, decode, fitness: () => ({ objectives: [0], violation: 0 }), ...wrong }),
      ).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    },
  );
});
