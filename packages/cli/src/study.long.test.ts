// bitnetmcu study: stopped and gone on with, and with runs that fail.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeStudy } from './__fixtures__/bars-study.js';
import { runCli, runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-study-'));
  writeSyntheticIdx(join(cwd, 'data'), 400, 100);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const study = (...args: string[]) => runWarm(['study', ...args], { cwd });

describe('bitnetmcu study', () => {
  it('stops at Ctrl-C with everything kept, and goes on', async () => {
    writeStudy(cwd, 'seeds: 4\n', 400);
    let isSent = false;
    const { exitCode, stdout, stderr } = await runCli(
      ['study', 'run', 'bars.yaml', '--jobs', '2', '--retry-failed', '--json'],
      {
        cwd,
        onStderr: (text, child) => {
          if (isSent || !text.includes('1 of 4')) return;
          isSent = true;
          child.kill('SIGINT');
        },
      },
    );
    expect(exitCode, stderr).toBe(EXIT_CODES.interrupted);
    const stopped = JSON.parse(stdout);
    expect(stopped.status).toBe('interrupted');
    expect(stopped.resume).toBe('bitnetmcu study run bars.yaml --output studies/bars --jobs 2 --retry-failed');
    const resumed = await study('run', 'bars.yaml', '--json');
    const { status, runs } = JSON.parse(resumed.stdout);
    expect([status, runs.length]).toEqual(['finished', 4]);
    expect(runs.filter(({ known }: { known: boolean }) => known).length).toBe(stopped.runs.length);
  });

  it('reports runs that fail, goes on with the others, and tries again when it is told to', async () => {
    writeStudy(
      cwd,
      `configurations:
  - { name: good }
  - { name: endless, config: { epochs: 100000 } }
`,
    );
    const { exitCode, stdout, stderr } = await study('run', 'bars.yaml', '--limit-seconds', '4');
    expect(exitCode).toBe(EXIT_CODES.checkFailed);
    expect(stdout).toMatch(/^good +1 /m);
    expect(stdout).toMatch(/^endless +0 +1/m);
    expect(stderr).toMatch(/endless, seed 1 failed \(timeout, tried once\): the run took more than 4 s/i);
    expect(stderr).toContain('--retry-failed');
    const { stdout: status } = await study('status', 'studies/bars');
    expect(status).toMatch(/endless, seed 1: timeout, tried once/);
    const again = await study('run', 'bars.yaml');
    expect(again.stderr).toMatch(/endless, seed 1 failed before/);
    const records = readFileSync(join(cwd, 'studies', 'bars', 'records.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(records).toHaveLength(2);
  });
});
