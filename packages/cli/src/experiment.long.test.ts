// bitnetmcu experiment: a quick form from rows to results, stopped and gone on with.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli, runWarm } from './__fixtures__/run-cli.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-experiment-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const experiment = (...args: string[]) => runWarm(['experiment', ...args], { cwd });

it('stops at Ctrl-C with everything kept, goes on, and makes no run again', async () => {
  let isSent = false;
  const stopped = await runCli(['experiment', 'run', 'schedule', '--quick', '--jobs', '2', '--json'], {
    cwd,
    onStderr: (text, child) => {
      if (isSent || !/^3 of /m.test(text)) return;
      isSent = true;
      child.kill('SIGINT');
    },
  });
  expect(stopped.exitCode, stopped.stderr).toBe(EXIT_CODES.interrupted);
  const { status, resume } = JSON.parse(stopped.stdout);
  expect([status, resume]).toEqual(['interrupted', 'bitnetmcu experiment run schedule --quick --jobs 2']);
  const records = () =>
    readFileSync(join(cwd, 'experiments', 'quick', 'records', 'records.jsonl'), 'utf8')
      .trim()
      .split('\n');
  const kept = records();
  expect(kept.length).toBeGreaterThanOrEqual(3);

  const { exitCode, stdout, stderr } = await experiment('run', 'schedule', '--quick');
  expect(exitCode, stderr).toBe(EXIT_CODES.ok);
  expect(records().slice(0, kept.length)).toEqual(kept);
  const results = JSON.parse(readFileSync(join(cwd, 'experiments', 'quick', 'schedule.json'), 'utf8'));
  const configurations = results.studies.flatMap((study: { configurations: object[] }) => study.configurations);
  expect(records().length).toBeLessThanOrEqual(configurations.length);
  for (const { runs, failed } of configurations) {
    expect(failed).toEqual([]);
    expect(runs).toMatchObject([{ seed: 1, figures: { test: expect.any(Number), active: expect.any(Number) } }]);
  }
  expect(stdout).toMatch(/^cosine from 0\.001 +\d+\.\d\d +/m);
  // One seed says nothing of a difference.
  expect(stdout).toMatch(/^\? open: /m);

  const report = await experiment('report', '--results', 'experiments/quick', '--output', 'pages', '--json');
  expect(report.exitCode, report.stderr).toBe(EXIT_CODES.ok);
  expect(JSON.parse(report.stdout)).toMatchObject({ folder: 'pages', experiments: ['schedule'] });
  expect(readFileSync(join(cwd, 'pages', 'schedule.md'), 'utf8')).toContain('This is the quick form');
  expect(readFileSync(join(cwd, 'pages', 'README.md'), 'utf8')).toContain('[schedule](schedule.md)');
});
