// What `bitnetmcu train --auto` refuses.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { pointsTable } from './__fixtures__/tiny-data.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-auto-'));
  writeFileSync(join(cwd, 'points.csv'), pointsTable());
  writeFileSync(join(cwd, 'net.yaml'), 'network: fc-1k\n');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runWarm(args, { cwd, environment: { BITNETMCU_CACHE: join(cwd, 'cache') } });

describe('train --auto', () => {
  it.each([
    [['points.csv', '--minutes', '2'], /--minutes says how long --auto searches/],
    [['points.csv', '--auto', '--preset', 'table-s'], /--auto searches the network .* preset/],
    [['points.csv', '--auto', '--learning-rate', '0.01'], /learningRate/],
    [['points.csv', '--auto', '--yes', '--minutes', 'long'], /--minutes long: a number above 0/],
    [['points.csv', '--auto', '--yes', '--target', 'z80'], /z80/],
    [['net.yaml', '--auto'], /data are wanted, not net.yaml/],
    [['--auto'], /--auto was given without data/],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await run('train', ...args);
    expect(stderr).toMatch(message);
    expect([EXIT_CODES.usage, EXIT_CODES.badInput]).toContain(exitCode);
  });
});
