// `bitnetmcu train --auto`: a short search, and what `train` leaves behind of the best that it found.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, runWarm } from './__fixtures__/run-cli.js';
import { pointsTable } from './__fixtures__/tiny-data.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-auto-'));
  writeFileSync(join(cwd, 'points.csv'), pointsTable());
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runWarm(args, { cwd, environment: { BITNETMCU_CACHE: join(cwd, 'cache') } });

describe('train --auto', () => {
  it('searches, and ends as train does: a model, a report, the parts that it fits', async () => {
    const args = ['--auto', '--minutes', '0.15', '--epochs', '20', '--yes', '--seed', '2', '--output', 'best'];
    const { exitCode, stdout, stderr } = await run('train', 'points.csv', ...args, '--json');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    // No part was named: the smallest one has room for the recommended network.
    expect(stderr).toMatch(/Searching a network for ch32v003/);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ status: 'finished', network: 'points', seed: 2, output: 'best' });
    expect(found.search).toMatchObject({ target: 'ch32v003', folder: join('searches', 'points-csv-ch32v003') });
    // A half plane: chance is 0.6.
    expect(found.integers.accuracy).toBeGreaterThan(0.85);
    expect(found.fits[0]).toMatchObject({ target: 'ch32v003', fits: true });
    for (const file of ['model.bnm', 'report.json', 'confusion.csv', 'training.svg']) {
      expect(existsSync(join(cwd, 'best', file))).toBe(true);
    }
    expect((await run('verify', 'best/model.bnm')).exitCode).toBe(EXIT_CODES.ok);
    // The test part was not looked at while networks were chosen.
    const folder = join(cwd, 'searches', 'points-csv-ch32v003');
    expect(readFileSync(join(folder, 'test-scores.jsonl'), 'utf8')).toBe('');
    expect(readFileSync(join(folder, 'records.jsonl'), 'utf8')).not.toContain('"test":{');
  }, 240_000);

  it('keeps what was tried when it is stopped', async () => {
    let isSent = false;
    const { exitCode, stderr } = await runCli(['train', 'points.csv', '--auto', '--yes', '--seed', '3'], {
      cwd,
      onStderr: (text, child) => {
        if (isSent || !text.includes('1 training')) return;
        isSent = true;
        child.kill('SIGINT');
      },
    });
    expect(exitCode).toBe(EXIT_CODES.interrupted);
    expect(stderr).toMatch(/kept in searches\/points-csv-ch32v003: the same command goes on/);
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
  }, 120_000);
});
