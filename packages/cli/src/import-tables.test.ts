// `bitnetmcu import` of graphs that read values of tables: each column has a scale of its own, and the device takes what the file has.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModelFile } from '@bitnetmcu/models/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { EXIT_CODES } from './exit-codes.js';

const graph = (name: string) => fileURLToPath(new URL(`./__fixtures__/${name}.onnx`, import.meta.url));

/** What the graphs compute of a row: `level` around 500, `ratio` around 0.5. */
const scaled = (level: number, ratio: number): [number, number] => [(level - 500) / 200, (ratio - 0.5) / 0.2];

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-tables-'));
  let state = 1;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const rows = Array.from(
    { length: 400 },
    () => [Math.floor(1000 * random()), Math.round(1000 * random()) / 1000] as const,
  );
  const table = (name: string, last: string, answer: (u: number, v: number) => string) => {
    const lines = rows.map(([level, ratio]) => `${level},${ratio},${answer(...scaled(level, ratio))}`);
    writeFileSync(join(cwd, name), `level,ratio,${last}\n${lines.join('\n')}\n`);
  };
  table('classes.csv', 'state', (u, v) => (u + v > 0 ? 'on' : 'off'));
  table('flow.csv', 'flow', (u, v) => (60 * u - 20 * v + 70).toFixed(2));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runWarm(args, { cwd });

describe('import of a graph that reads a table', () => {
  it('gives the graph the values of the columns, and the model takes them', async () => {
    const data = ['--data', 'csv', '--data-train', 'classes.csv', '--data-label-column', 'state'];
    const imported = await run('import', graph('table-classes'), '-o', 'classes.bnm', '--json', ...data);
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    const { assumed, look } = JSON.parse(imported.stdout);
    expect(assumed.lines[0]).toContain('x of the values in their units');
    // The graph is right by the rule that made the classes; bytes err only within a step of its border.
    expect(look.accuracy.float).toBeGreaterThan(0.97);
    expect(look.agreement).toBeGreaterThan(0.98);
    const model = readModelFile(join(cwd, 'classes.bnm'));
    expect(model.input.raw?.features.map(({ name, curve }) => `${name} ${curve}`)).toEqual([
      'level linear',
      'ratio linear',
    ]);
    expect(model.labels).toEqual(['off', 'on']);
    // u + v of 900, 0.9 is 4, of 900, 0.05 is −0.25, of 100, 0.95 is 0.25.
    writeFileSync(join(cwd, 'new.csv'), 'level,ratio\n900,0.9\n900,0.05\n100,0.95\n20,0.02\n');
    const inferred = await run('infer', 'classes.bnm', 'new.csv', '--json');
    expect(inferred.exitCode, inferred.stderr).toBe(EXIT_CODES.ok);
    const answers = JSON.parse(inferred.stdout);
    const labels = (answers.results ?? answers).map(({ label }: { label: string }) => label);
    expect(labels).toEqual(['on', 'off', 'on', 'off']);
  });

  it('names its data and carries samples: the next commands need no other word for them', async () => {
    // A file in the place of a kind is data of its kind.
    const short = await run('import', graph('table-classes'), '-o', 'short.bnm', '--data', 'classes.csv', '--json');
    expect(short.exitCode, short.stderr).toBe(EXIT_CODES.ok);
    expect(readModelFile(join(cwd, 'short.bnm')).provenance.datasetSha256).toBe(
      readModelFile(join(cwd, 'classes.bnm')).provenance.datasetSha256,
    );
    const verified = await run('verify', 'classes.bnm', '--against', graph('table-classes'), '--max-loss', '1');
    expect(verified.exitCode, verified.stderr).toBe(EXIT_CODES.ok);
    expect(readModelFile(join(cwd, 'classes.bnm')).samples?.inputs.length).toBeGreaterThan(0);
  });

  it('is told one file, not two', async () => {
    const both = ['--data', 'classes.csv', '--data-train', 'flow.csv'];
    const { exitCode, stderr } = await run('import', graph('table-classes'), '-o', 'both.bnm', ...both);
    expect([exitCode, existsSync(join(cwd, 'both.bnm'))]).toEqual([EXIT_CODES.usage, false]);
    expect(stderr).toContain('--data classes.csv names the file, and so does --data-train flow.csv');
  });

  it('gives the values of a regression, and refuses data that have more of them', async () => {
    const data = [
      '--data',
      'csv',
      '--data-train',
      'flow.csv',
      '--data-label-column',
      'flow',
      '--data-task',
      'regression',
    ];
    const imported = await run('import', graph('table-regression'), '-o', 'flow.bnm', '--json', ...data);
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    const { look } = JSON.parse(imported.stdout);
    expect(look.scores.float).toBeGreaterThan(0.999);
    expect(look.scores.integer).toBeGreaterThan(0.998);
    // 60·(650 − 500)/200 − 20·(0.4 − 0.5)/0.2 + 70 = 45 + 10 + 70
    writeFileSync(join(cwd, 'flows.csv'), 'level,ratio\n650,0.4\n');
    const inferred = await run('infer', 'flow.bnm', 'flows.csv');
    const value = Number(/flow (-?[\d.]+)/.exec(inferred.stdout)?.[1]);
    expect(Math.abs(value - 125), inferred.stdout).toBeLessThan(1.5);
    const two = await run('import', graph('table-classes'), '-o', 'two.bnm', ...data);
    expect(two).toMatchObject({ exitCode: EXIT_CODES.usage });
    expect(two.stderr).toContain('The graph gives 2 numbers a sample, flow.csv has 1 values to be predicted (flow)');
  });

  it('takes columns that were standardized in front of the graph, with the numbers of the training samples', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => {
      const [u, v] = [((i * 37) % 101) / 50 - 1, ((i * 53) % 97) / 48 - 1];
      return `${(u + 3.1) * 1e4},${v * 1e-2},${u < -0.2 ? 'a' : 'b'}`;
    });
    writeFileSync(join(cwd, 'other.csv'), `p,q,class\n${lines.join('\n')}\n`);
    const data = ['--data', 'csv', '--data-train', 'other.csv', '--data-label-column', 'class'];
    const imported = await run(
      'import',
      graph('table-classes'),
      '-o',
      'other.bnm',
      '--json',
      '--preprocessing',
      'standardized',
      ...data,
    );
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    const { assumed } = JSON.parse(imported.stdout);
    expect(assumed.lines[0]).toContain('(value − mean) / deviation of each column');
    const { standardized } = readModelFile(join(cwd, 'other.bnm')).provenance.onnx!;
    expect(standardized!.mean[0]).toBeGreaterThan(29_000);
    expect(standardized!.mean[0]).toBeLessThan(33_000);
    const image = await run('import', graph('table-classes'), '--preprocessing', 'standardised', ...data);
    expect(image).toMatchObject({ exitCode: EXIT_CODES.usage });
  });
});
