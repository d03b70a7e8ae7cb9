// The folders of training runs as a user meets them: taken, shared, stale, not writable; and signals that end a run.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCheckpoint } from '@bitnetmcu/trainer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
let training: string[] = [];
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-runs-'));
  const data = writeSyntheticIdx(join(cwd, 'data'), 200, 20);
  training = [
    ...['train', '--preset', 'fc-1k', ...data, '--validation', '0', '--engine', 'wasm', '--augmentation', 'none'],
    '--json',
  ];
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const environment = () => ({ BITNETMCU_CACHE: join(cwd, 'cache') });
const run = (...args: string[]) => runCli([...training, ...args], { cwd, environment: environment() });
/** The same in the process that is there: where a run only is to have been. */
const runHere = (...args: string[]) => runWarm([...training, ...args], { cwd, environment: environment() });
const seedOf = (folder: string) => readCheckpoint(join(cwd, folder, 'checkpoint.bnc')).config.seed;
const leftovers = (folder: string) =>
  readdirSync(join(cwd, folder)).filter((name) => name.endsWith('.tmp') || name.endsWith('.lock'));

describe('the folder of a run', () => {
  it('is had by one of two processes that begin at once, and not mixed', async () => {
    const both = await Promise.all(
      [1, 2].map((seed) => run('--output', 'two', '--epochs', '400', '--seed', String(seed))),
    );
    expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([EXIT_CODES.ok, EXIT_CODES.usage]);
    const loser = both.find(({ exitCode }) => exitCode !== 0)!;
    expect(JSON.parse(loser.stdout).error).toMatchObject({
      code: 'folder-in-use',
      message: expect.stringMatching(/Process \d+ on \S+ works in two since/),
    });
    const winner = 1 + both.findIndex(({ exitCode }) => exitCode === 0);
    expect(seedOf('two')).toBe(winner);
    expect(
      readFileSync(join(cwd, 'two', 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(401);
    expect(leftovers('two')).toEqual([]);
  }, 60_000);

  it('has a name of its own for each of several runs without --output', async () => {
    const all = await Promise.all([1, 2, 3].map((seed) => run('--epochs', '2', '--seed', String(seed))));
    expect(all.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(readdirSync(join(cwd, 'runs')).sort()).toEqual(['fc-1k', 'fc-1k-2', 'fc-1k-3']);
    expect(['fc-1k', 'fc-1k-2', 'fc-1k-3'].map((name) => seedOf(join('runs', name))).sort()).toEqual([1, 2, 3]);
    // With --overwrite it is the first one.
    const again = await runHere('--epochs', '1', '--seed', '9', '--overwrite');
    expect(JSON.parse(again.stdout).output).toBe(join('runs', 'fc-1k'));
    expect(seedOf(join('runs', 'fc-1k'))).toBe(9);
    expect(readdirSync(join(cwd, 'runs'))).toHaveLength(3);
  }, 60_000);

  it('keeps nothing of the run that was there, once the new one has begun', async () => {
    expect((await runHere('--output', 'stale', '--epochs', '1')).exitCode).toBe(EXIT_CODES.ok);
    let stopped = false;
    const second = await runCli([...training, '--output', 'stale', '--epochs', '5000', '--seed', '9', '--overwrite'], {
      cwd,
      environment: environment(),
      onStderr: (text, child) => {
        if (stopped || !text.includes('epoch')) return;
        stopped = true;
        child.kill('SIGTERM');
      },
    });
    expect(second.exitCode).toBe(EXIT_CODES.terminated);
    expect(seedOf('stale')).toBe(9);
    for (const file of ['model.bnm', 'network.bnt']) expect(existsSync(join(cwd, 'stale', file)), file).toBe(false);
  }, 60_000);

  it('is not touched by a run that cannot begin', async () => {
    expect((await runHere('--output', 'safe', '--epochs', '1')).exitCode).toBe(EXIT_CODES.ok);
    const failed = await runHere('--output', 'safe', '--overwrite', '--validation', '100000');
    expect(failed.exitCode).not.toBe(EXIT_CODES.ok);
    expect(existsSync(join(cwd, 'safe', 'model.bnm'))).toBe(true);
  }, 60_000);

  it('is told to be a file where it is one, before anything is trained', async () => {
    writeFileSync(join(cwd, 'file'), '');
    for (const output of ['file', 'file/deep/er']) {
      const { exitCode, stdout, stderr } = await runHere('--output', output, '--epochs', '1');
      expect(exitCode).toBe(EXIT_CODES.badInput);
      expect(JSON.parse(stdout).error.message).toMatch(
        /file is a file; a folder is wanted|a part of its path is a file/,
      );
      expect(stdout + stderr).not.toContain('.tmp');
      expect(stderr).not.toContain('epoch');
    }
  });
});

describe('SIGHUP', () => {
  it('saves, says how to go on, and ends with 128 + 1', async () => {
    let stopped = false;
    const { exitCode, stdout, stderr } = await runCli(
      [...training, '--output', 'hung-up', '--epochs', '2000', '--checkpoint-every', '2000'],
      {
        cwd,
        environment: environment(),
        onStderr: (text, child) => {
          if (stopped || text.split('epoch ').length < 3) return;
          stopped = true;
          child.kill('SIGHUP');
        },
      },
    );
    expect(exitCode, stderr).toBe(129);
    expect(JSON.parse(stdout).status).toBe('interrupted');
    expect(readCheckpoint(join(cwd, 'hung-up', 'checkpoint.bnc')).epoch).toBeGreaterThanOrEqual(2);
    expect(leftovers('hung-up')).toEqual([]);
  }, 60_000);
});
