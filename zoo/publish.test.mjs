// Selection and publishing, on runs made of what the zoo ships.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadZooModel, zoo } from '@bitnetmcu/models/zoo';
import { parseStudy } from '@bitnetmcu/studies';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeNetwork } from './describe-network.mjs';
import { configOf, entries } from './entries.mjs';
import { publishedFigure } from './published-figures.mjs';
import { differencesFrom, publicConfig, selectRun } from './runs.mjs';
import { zooStudy } from './study.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zoo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const config = {
  network: 'fc-1k',
  data: { kind: 'mnist', path: '/home/me/mnist' },
  epochs: 60,
  loss: [{ kind: 'crossEntropy' }],
  output: 'runs/a',
  seed: 1,
};
const run = (seed, validation, test, changes = {}) => ({
  result: { seed, validation, test },
  model: { provenance: { seed, config: { ...config, seed, output: `runs/${seed}`, ...changes } } },
});

const taught = (seed, ...teachers) => ({
  loss: [{ kind: 'distillation', teacher: teachers.map((name) => `runs/zoo/${name}/seed-${seed}/checkpoint.bnc`) }],
});
const entry = { name: 'x', config: { network: 'fc-1k', loss: [{ kind: 'crossEntropy' }] } };
const pupil = { name: 'x', config: { network: 'fc-1k', ...taught('{seed}', 't', 'u') } };

describe('selection', () => {
  it('takes the best validation, of equal ones the first seed, and never looks at the test', () => {
    const runs = [run(1, 0.97, 0.99), run(2, 0.98, 0.95), run(3, 0.98, 0.999)];
    expect(selectRun(entry, runs)).toBe(runs[1]);
  });

  it('refuses runs of another recipe than the entry, and runs of different lengths; seeds and folders are no difference', () => {
    const other = run(2, 0.9, 0.9, { learningRate: 0.5, validation: 100 });
    expect(() => selectRun(entry, [run(1, 0.9, 0.9), other])).toThrow(/seed 2 .* another learningRate, validation/);
    expect(() => selectRun(entry, [run(1, 0.9, 0.9), run(2, 0.9, 0.9, { epochs: 30 })])).toThrow(/60 and 30 epochs/);
    expect(selectRun(entry, [run(1, 0.9, 0.9, { epochs: 30 })]).result.seed).toBe(1);
  });

  it("takes teachers of the run's own seed for the same recipe, other ones not", () => {
    const runs = [run(1, 0.98, 0.9, taught(1, 't', 'u')), run(2, 0.97, 0.9, taught(2, 't', 'u'))];
    expect(selectRun(pupil, runs)).toBe(runs[0]);
    expect(() => selectRun(pupil, [runs[0], run(2, 0.97, 0.9, taught(1, 't', 'u'))])).toThrow(/another loss/);
  });

  it("puts the seed into an entry's configuration", () => {
    const entry = { config: { epochs: 3, loss: [{ teacher: 'runs/zoo/t/seed-{seed}/checkpoint.bnc' }] } };
    expect(configOf(entry, 7)).toEqual({ epochs: 3, seed: 7, loss: [{ teacher: 'runs/zoo/t/seed-7/checkpoint.bnc' }] });
  });
});

describe('what is published', () => {
  it('names no file of the machine, a teacher only below runs/', () => {
    const distilled = (teacher) =>
      publicConfig({ ...config, engine: 'auto', loss: [{ kind: 'distillation', teacher }] });
    expect(distilled('/home/me/bitnetmcu/runs/zoo/teacher/seed-1/checkpoint.bnc')).toEqual({
      network: 'fc-1k',
      data: { kind: 'mnist' },
      epochs: 60,
      loss: [{ kind: 'distillation', teacher: 'runs/zoo/teacher/seed-1/checkpoint.bnc' }],
      seed: 1,
    });
    expect(distilled(['runs/a/b.bnc', '/home/me/runs/c/d.bnc']).loss[0].teacher).toEqual([
      'runs/a/b.bnc',
      'runs/c/d.bnc',
    ]);
    expect(() => distilled('/home/me/teacher.bnc')).toThrow(/outside of runs/);
  });

  it('compares every entry with a published figure that exists', () => {
    for (const entry of entries) expect(() => publishedFigure(entry)).not.toThrow();
    expect(publishedFigure({ name: 'cnn-64' })).toEqual({ network: 'CNN 64, linear 96-64', accuracy: 0.9955 });
    expect(publishedFigure({ name: 'anything', published: 98.92 })).toMatchObject({ accuracy: 0.9892 });
  });

  it('describes networks in a line, each format where the next layer has another', () => {
    const weights = (format) => ({ weights: { format } });
    const nodes = [
      { op: 'avgPool2d', size: [5, 4], stride: [3, 3] },
      { op: 'conv2d', groups: 1, outChannels: 16, kernel: [5, 5], stride: [2, 2], ...weights('8bit') },
      { op: 'reluShift' },
      { op: 'conv2d', groups: 16, outChannels: 16, kernel: [3, 3], stride: [1, 1], ...weights('8bit') },
      { op: 'maxPool2d', size: [2, 2], stride: [2, 2] },
      { op: 'flatten' },
      { op: 'linear', outFeatures: 48, ...weights('2bitsym') },
      { op: 'linear', outFeatures: 32, ...weights('4bitsym') },
      { op: 'linear', outFeatures: 10, ...weights('4bitsym') },
    ];
    expect(describeNetwork({ nodes })).toBe(
      'mean pool 5×4/3, conv 16 5×5/2, dw (8bit), pool; linear 48 (2bitsym), 32, 10 (4bitsym)',
    );
  });
});

const shipped = zoo.find(({ name }) => entries.some((entry) => entry.name === name));

describe('the study', () => {
  it('has every entry that is no teacher with its own configuration, its teachers those of the seed', () => {
    const trained = entries.filter(({ teaches }) => !teaches);
    const { configurations, seeds } = parseStudy(zooStudy(trained, 2, () => 7));
    expect(seeds).toEqual([2]);
    for (const [i, { name, config }] of configurations.entries()) {
      expect([name, config.epochs, config.seed]).toEqual([trained[i].name, 7, 2]);
      expect(differencesFrom(trained[i], { provenance: { seed: 2, config } })).toEqual([]);
    }
  });
});

describe('the zoo', () => {
  it.each(zoo.map(({ name }) => name))('ships %s as its entry trains it', async (name) => {
    const entry = entries.find((one) => one.name === name);
    expect(differencesFrom(entry, await loadZooModel(name))).toEqual([]);
  });
});

describe.skipIf(shipped === undefined)('publish.mjs', () => {
  it('writes the shipped files again from a run that made them, the same every time', async () => {
    const { name, seed, validation, test, trainingSeconds, training } = shipped;
    const runFolder = join(folder, 'runs', name, `seed-${seed}`);
    mkdirSync(runFolder, { recursive: true });
    const source = fileURLToPath(new URL('../packages/models/zoo/', import.meta.url));
    cpSync(join(source, `${name}.bnm`), join(runFolder, 'model.bnm'));
    const result = { name, seed, epochs: training.epochs, validation, test, seconds: trainingSeconds };
    writeFileSync(join(runFolder, 'result.json'), JSON.stringify(result));

    const outputs = ['first', 'second'].map((target) => {
      const publish = fileURLToPath(new URL('publish.mjs', import.meta.url));
      const args = [publish, '--runs', join(folder, 'runs'), '--package', join(folder, target)];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return join(folder, target);
    });
    for (const output of outputs) {
      expect(readdirSync(join(output, 'zoo')).sort()).toEqual([`${name}.bnm`, 'manifest.json'].sort());
      expect(readFileSync(join(output, 'zoo', `${name}.bnm`))).toEqual(readFileSync(join(source, `${name}.bnm`)));
      expect(readFileSync(join(output, 'src', 'zoo', 'model-files.ts'), 'utf8')).toContain(`${name}.bnm`);
    }
    const manifests = outputs.map((output) => readFileSync(join(output, 'zoo', 'manifest.json'), 'utf8'));
    expect(manifests[0]).toBe(manifests[1]);
    const { seeds: _seeds, testMean: _mean, testDeviation: _deviation, floatCeiling: _ceiling, ...same } = shipped;
    expect(JSON.parse(manifests[0])).toEqual([{ ...same, seeds: [{ seed, validation, test }], testMean: test }]);
    expect((await loadZooModel(name)).name).toBe(name);
    expect(existsSync(join(runFolder, 'model.bnm'))).toBe(true);
  });
});
