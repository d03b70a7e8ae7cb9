// bitnetmcu experiment: what there is, and what it refuses.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-experiment-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const experiment = (...args: string[]) => runWarm(['experiment', ...args], { cwd });

describe('bitnetmcu experiment', () => {
  it('lists what there is', async () => {
    const { exitCode, stdout } = await experiment('list');
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect(stdout).toMatch(/^schedule +\d+ +Which shape/m);
    const { experiments } = JSON.parse((await experiment('list', '--json')).stdout);
    const schedule = experiments.find((one: { name: string }) => one.name === 'schedule');
    const { runs, studies } = schedule as { runs: number; studies: { seeds: number; configurations: string[] }[] };
    expect(runs).toBe(studies.reduce((sum, study) => sum + study.seeds * study.configurations.length, 0));
  });

  it.each([
    [['run', 'shedule'], EXIT_CODES.usage, /Did you mean "schedule"/],
    [['run', 'schedule', '--seeds', 'many'], EXIT_CODES.usage, /--seeds many: a whole number above 0/],
    [['run'], EXIT_CODES.usage, /names/],
    [['report'], EXIT_CODES.badInput, /no folder experiments/],
    [['report', '--results', '.'], EXIT_CODES.badInput, /No results of an experiment in \./],
  ])('refuses %j', async (args, wanted, message) => {
    const { exitCode, stderr } = await experiment(...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(wanted);
  });
});
