// What a training knew of its data besides samples (means of columns, which class is normal, what values are called) holds for other data.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeBnm } from '@bitnetmcu/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { uniform } from './__fixtures__/tiny-data.js';
import { EXIT_CODES } from './exit-codes.js';

const cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-data-of-training-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const random = uniform(11);
const near = (middle: number) => (middle + 8 * random()).toFixed(2);
const save = (name: string, header: string, rows: readonly string[]) =>
  writeFileSync(join(cwd, name), `${header}\n${rows.join('\n')}\n`);
const times = (count: number, row: () => string) => Array.from({ length: count }, row);

async function train(file: string, ...args: string[]): Promise<void> {
  const { exitCode, stderr } = await runWarm(['train', file, '--epochs', '20', ...args], { cwd });
  expect(exitCode, stderr).toBe(EXIT_CODES.ok);
}

async function verify(model: string, ...data: string[]) {
  const args = ['verify', `runs/${model}/model.bnm`, ...data, '--implementations', 'typescript', '--json'];
  const { exitCode, stdout, stderr } = await runWarm(args, { cwd });
  return { exitCode, stderr, ...JSON.parse(stdout) };
}

const csv = (file: string, label: string) => ['--data', 'csv', '--data-train', file, '--data-label-column', label];

describe('missing values of other data', () => {
  const mean = ['--data-missing', 'mean'];
  // Of training the mean of x is near (3·4 + 94)/4, which is low; of the others it is near 90.
  beforeAll(async () => {
    const low = times(90, () => `${near(0)},${near(50)},low`);
    const high = times(30, () => `${near(90)},${near(50)},high`);
    save('gaps.csv', 'x,y,level', [...low, ...high, ',51.2,low']);
    save('full.csv', 'x,y,level', [...low, ...high]);
    const other = times(30, () => `${near(90)},${near(50)},high`);
    save('other.csv', 'x,y,level', [...other, ',51.3,low', ',52.3,low']);
    await train('gaps.csv', '--label', 'level', '--missing', 'mean');
    await train('full.csv', '--label', 'level');
    save('dropped.csv', 'x,y,level', [...low, ...high, ',51.2,low']);
    await train('dropped.csv', '--label', 'level', '--missing', 'drop');
  }, 120_000);

  it('count as the mean of training', async () => {
    const own = await verify('gaps');
    expect(own.exitCode, JSON.stringify(own.error)).toBe(EXIT_CODES.ok);
    expect(own.stderr).not.toContain('other SHA-256');
    const data = [...csv('other.csv', 'level'), '--data-test', 'other.csv'];
    const { exitCode, implementations, stderr, error } = await verify('gaps', ...data, ...mean);
    expect(exitCode, JSON.stringify(error)).toBe(EXIT_CODES.ok);
    expect(implementations[0].accuracy).toBe(1);
    expect(stderr).toContain('not those that the model was trained on (other SHA-256)');
  });

  it('count as the mean of training in rows to be classified, and are named', async () => {
    const [mean] = decodeBnm(readFileSync(join(cwd, 'runs/gaps/model.bnm'))).provenance.means as number[];
    save('rows.csv', 'x,y', ['95,51', 'NA,51.3', `${mean},51.3`]);
    const { exitCode, stdout, stderr } = await runWarm(['infer', 'runs/gaps/model.bnm', 'rows.csv', '--json'], { cwd });
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { results } = JSON.parse(stdout);
    expect(results.map((one: { label: string }) => one.label)).toEqual(['high', 'low', 'low']);
    expect(results[1].logits).toEqual(results[2].logits);
    expect(results.map((one: { filled?: string[] }) => one.filled)).toEqual([undefined, ['x'], undefined]);
    const shown = await runWarm(['infer', 'runs/gaps/model.bnm', 'rows.csv'], { cwd });
    expect(shown.stdout.match(/missing, counted as the mean of training: x/g)).toHaveLength(1);
  });

  it('leave rows out where they did in training, and are refused where training had none', async () => {
    save('rows.csv', 'x,y', ['95,51', 'NA,51.3', '3,51.3']);
    const { exitCode, stdout, stderr } = await runWarm(['infer', 'runs/dropped/model.bnm', 'rows.csv', '--json'], {
      cwd,
    });
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const titles = JSON.parse(stdout).results.map((one: { input: string; label: string }) => [one.input, one.label]);
    expect(titles).toEqual([
      ['rows.csv, line 2', 'high'],
      ['rows.csv, line 4', 'low'],
    ]);
    expect(stderr).toContain('1 row with something missing left out, as in training');
    const refused = await runWarm(['infer', 'runs/full/model.bnm', 'rows.csv'], { cwd });
    expect(refused.exitCode).toBe(EXIT_CODES.badInput);
    expect(refused.stderr).toContain("rows.csv, line 3, column x: 'NA' found, a number is wanted");
  });

  it('are refused by a model that does not know it', async () => {
    const { exitCode, error } = await verify('full', ...csv('other.csv', 'level'), ...mean);
    expect(exitCode).toBe(EXIT_CODES.badInput);
    expect(error.message).toMatch(/2 values are missing, and the model does not say .*--data-missing drop/);
    // Nothing is missing: nothing has to be known.
    const whole = await verify('full', ...csv('full.csv', 'level'), ...mean);
    expect(whole.exitCode, JSON.stringify(whole.error)).toBe(EXIT_CODES.ok);
  });
});

it('windows of one column are classified, and none reaches over a row that is left out', async () => {
  const wave = (size: number, count: number) => times(count, () => (size * random()).toFixed(2));
  const rows = (size: number, kind: string) => wave(size, 600).map((x, i) => `${i === 300 ? '' : x},${kind}`);
  save('wave.csv', 'x,kind', [...rows(5, 'calm'), ...rows(100, 'wild')]);
  await train('wave.csv', '--window', '16', '--hop', '8', '--missing', 'drop');
  const long = wave(100, 60);
  save('long.csv', 'x', [...long.slice(0, 20), 'NA', ...long.slice(20)]);
  const { exitCode, stdout, stderr } = await runWarm(['infer', 'runs/wave/model.bnm', 'long.csv', '--json'], { cwd });
  expect(exitCode, stderr).toBe(EXIT_CODES.ok);
  const results = JSON.parse(stdout).results as { input: string; label: string; logits: number[] }[];
  expect(results.map(({ label }) => label)).toEqual(Array(5).fill('wild'));
  // Twenty moments hold one window, the forty behind the gap four; they are those of these moments alone.
  expect(results.map(({ input }) => input)).toEqual(
    [1, 22, 30, 38, 46].map((first) => `long.csv, rows ${first} to ${first + 15}`),
  );
  save('behind.csv', 'x', long.slice(20));
  const behind = await runWarm(['infer', 'runs/wave/model.bnm', 'behind.csv', '--json'], { cwd });
  const logitsOf = (all: typeof results) => all.map(({ logits }) => logits);
  expect(logitsOf(JSON.parse(behind.stdout).results)).toEqual(logitsOf(results.slice(1)));
}, 120_000);

it('what is normal is the class that was so in training', async () => {
  const rows = (kind: string, x: number, y: number, count: number) =>
    times(count, () => `${near(x)},${near(y)},${kind}`);
  const header = 'x,y,state';
  save('engine.csv', header, [...rows('runs', 0, 50, 120), ...rows('broken', 70, 0, 30)]);
  // By the alphabet the class of abnormal samples would be the first one, and the only one of the second file the normal one.
  save('engines.csv', header, [...rows('runs', 0, 50, 40), ...rows('bad', 70, 0, 20)]);
  save('bad.csv', header, rows('bad', 70, 0, 20));
  await train('engine.csv', '--label', 'state', '--task', 'anomaly', '--data-normal', 'runs');
  const { exitCode, integerScores, error } = await verify('engine', ...csv('engines.csv', 'state'));
  expect(exitCode, JSON.stringify(error)).toBe(EXIT_CODES.ok);
  expect(integerScores).toMatchObject({ areaUnderRoc: 1, found: 1 });
  const bad = await verify('engine', ...csv('bad.csv', 'state'));
  expect([bad.exitCode, bad.error.message]).toEqual([
    EXIT_CODES.badInput,
    expect.stringContaining('There is no class "runs"; the classes are "bad"'),
  ]);
  const alone = { cwd };
  save('one.csv', header, rows('runs', 0, 50, 120));
  const trained = await runWarm(['train', 'one.csv', '--label', 'state', '--task', 'anomaly', '--epochs', '5'], alone);
  expect(trained.exitCode, trained.stderr).toBe(EXIT_CODES.ok);
  expect((await verify('one')).exitCode).toBe(EXIT_CODES.ok);
  const other = await verify('one', ...csv('bad.csv', 'state'));
  expect([other.exitCode, other.error.message]).toEqual([
    EXIT_CODES.badInput,
    expect.stringContaining('all samples are of the class "bad", and that it is the normal one is not said'),
  ]);
}, 120_000);

it('values to be predicted are those of training', async () => {
  const rows = times(120, () => {
    const [a, b] = [10 * random(), 5 * random()];
    return `${a.toFixed(3)},${b.toFixed(3)},${(3 * a - 2 * b).toFixed(2)}`;
  });
  save('load.csv', 'a,b,newton', rows);
  save('grams.csv', 'a,b,gram', rows);
  await train('load.csv', '--task', 'regression', '--label', 'newton');
  // The task is the model's.
  const { exitCode, integerScores, error } = await verify('load', ...csv('load.csv', 'newton'));
  expect(exitCode, JSON.stringify(error)).toBe(EXIT_CODES.ok);
  expect(integerScores.r2).toBeGreaterThan(0.8);
  const other = await verify('load', ...csv('grams.csv', 'gram'));
  expect([other.exitCode, other.error.message]).toEqual([
    EXIT_CODES.badInput,
    expect.stringContaining('the data have answers for gram, and the model gives newton'),
  ]);
}, 120_000);
