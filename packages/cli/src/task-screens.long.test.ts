// `sim` and `infer` of models that answer no class: the score of the task that `verify` prints, and the truth beside each answer.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { uniform } from './__fixtures__/tiny-data.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
const run = async (...args: string[]) => {
  const result = await runWarm(args, { cwd });
  expect(result.exitCode, result.stderr).toBe(EXIT_CODES.ok);
  return result.stdout;
};

/** 200 rows: `last` says what is to be learned of the two numbers before. */
function table(name: string, head: string, last: (a: number, b: number, i: number) => string, shift = 0): void {
  const random = uniform(5);
  const rows = Array.from({ length: 200 }, (_, i) => {
    const [a, b] = [10 * random() + (i % 5 === 0 ? shift : 0), 5 * random()];
    return `${a.toFixed(3)},${b.toFixed(3)},${last(a, b, i)}`;
  });
  writeFileSync(join(cwd, `${name}.csv`), `a,b,${head}\n${rows.join('\n')}\n`);
}

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-task-screens-'));
  table('load', 'newton', (a, b) => (3 * a - 2 * b).toFixed(2));
  table('pump', 'state', (_, __, i) => (i % 5 === 0 ? 'leak' : 'ok'), 40);
  table('room', 'labels', (a, b) => [a > 5 ? 'hot' : '', b > 2.5 ? 'wet' : ''].filter(Boolean).join(';'));
  await run('train', 'load.csv', '--task', 'regression', '--label', 'newton', '--epochs', '20');
  await run('train', 'pump.csv', '--task', 'anomaly', '--label', 'state', '--epochs', '5');
  await run('train', 'room.csv', '--task', 'multiLabel', '--label', 'labels', '--epochs', '20');
}, 120_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe.each([
  ['load', /^score +R² 0\.\d{3}, mean absolute error/m, 'R²'],
  ['pump', /^score +area under ROC 1\.0000/m, 'area under ROC'],
  ['room', /^score +all labels right \d/m, 'all labels right'],
])('%s', (name, score, column) => {
  const model = `runs/${name}/model.bnm`;

  it('sim gives the scores of verify over the same samples', async () => {
    const verified = JSON.parse(await run('verify', model, '--json'));
    const simulated = JSON.parse(await run('sim', model, '--json', '--images', '1000'));
    expect(simulated.integerScores).toEqual(verified.integerScores);
    expect(simulated).not.toHaveProperty('accuracy');
    const text = await run('sim', model);
    expect(text).toMatch(score);
    expect(text).not.toContain('accuracy');
    const all = await run('sim', model, '--target', 'all', '--images', '2');
    expect(all).toMatch(new RegExp(` ${column}$`, 'm'));
    expect(all).not.toContain('accuracy');
  });

  it('compare judges by the score of verify, under its name', async () => {
    const { integerScores } = JSON.parse(await run('verify', model, '--json'));
    const { measure, sides, comparisons } = JSON.parse(await run('compare', model, `runs/${name}`, '--json'));
    const wanted = {
      load: { measure: 'R²', value: integerScores.r2 },
      pump: { measure: 'area under ROC', value: integerScores.areaUnderRoc },
      room: { measure: 'accuracy', value: integerScores.exactMatch },
    }[name]!;
    expect(measure).toBe(wanted.measure);
    for (const { mean } of sides) expect(mean).toBeCloseTo(wanted.value, 9);
    // Answers that are right or wrong are compared one by one.
    expect(comparisons[0].test?.test).toBe(name === 'room' ? 'McNemar' : undefined);
  });

  it('sim and infer set the truth beside each answer', async () => {
    const { results, integerScores } = JSON.parse(
      await run('infer', model, '0', '1', '2', '3', '--json', '--no-nearest'),
    );
    for (const one of results) expect(one.expected).toBeDefined();
    const simulated = JSON.parse(await run('sim', model, '--json', '--indices', '0,1,2,3'));
    expect(simulated.integerScores).toEqual(integerScores);
    if (name === 'load') {
      // 3a − 2b of rows with three decimals, to two.
      const rows = readFileSync(join(cwd, 'load.csv'), 'utf8').split('\n');
      for (const { expected } of results) {
        expect(rows.some((row) => Number(row.split(',')[2]) === expected[0].value)).toBe(true);
      }
      expect(await run('sim', model, '--indices', '0')).toMatch(
        /answers +0: newton -?[\d.]+ \(it is newton -?[\d.]+\)/,
      );
    }
    if (name === 'pump')
      expect(await run('sim', model, '--indices', '0')).toMatch(
        /answers +0: (normal|anomaly) \(score \d+, threshold \d+\) [✓✗]/,
      );
  });
  it('infer compares rows of a file by its label column, and adds up as verify does', async () => {
    const [head, ...rows] = readFileSync(join(cwd, `${name}.csv`), 'utf8')
      .trim()
      .split('\n');
    writeFileSync(join(cwd, 'some.csv'), [head, ...rows.slice(0, 20)].join('\n'));
    const { results, integerScores } = JSON.parse(await run('infer', model, 'some.csv', '--json', '--no-nearest'));
    const said = rows.slice(0, 20).map((row) => row.split(',')[2]!);
    const expected = results.map((one: { expected: unknown }) => one.expected);
    if (name === 'load') {
      expect(expected.map(([{ value }]: [{ value: number }]) => value)).toEqual(said.map(Number));
      const errors = results.map(({ values }: { values: [{ value: number }] }, i: number) =>
        Math.abs(values[0].value - Number(said[i])),
      );
      const mean = errors.reduce((a: number, b: number) => a + b) / 20;
      expect(integerScores.meanAbsoluteError).toBeCloseTo(mean, 4);
    }
    if (name === 'pump') {
      expect(expected).toEqual(said.map((state) => (state === 'ok' ? 'normal' : 'anomaly')));
      expect(integerScores.found).toBe(1);
    }
    if (name === 'room') {
      expect(expected).toEqual(said.map((labels) => (labels === '' ? [] : labels.split(';'))));
    }
    const text = await run('infer', model, 'some.csv', '--no-nearest');
    expect(text).toMatch(/^20 samples: (R²|area under ROC|all labels right) /m);
  });
});
