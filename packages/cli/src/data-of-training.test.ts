// What a training knew of its data besides samples (means of columns, which class is normal, what values are called) holds for other data.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCli } from './__fixtures__/run-cli.js';
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
  const { exitCode, stderr } = await runCli(['train', file, '--epochs', '20', ...args], { cwd });
  expect(exitCode, stderr).toBe(EXIT_CODES.ok);
}

async function verify(model: string, ...data: string[]) {
  const args = ['verify', `runs/${model}/model.bnm`, ...data, '--implementations', 'typescript', '--json'];
  const { exitCode, stdout, stderr } = await runCli(args, { cwd });
  return { exitCode, stderr, ...JSON.parse(stdout) };
}

const csv = (file: string, label: string) => ['--data', 'csv', '--data-train', file, '--data-label-column', label];

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
  const trained = await runCli(['train', 'one.csv', '--label', 'state', '--task', 'anomaly', '--epochs', '5'], alone);
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
