// Own data of another task than classification: `train` and `verify` say its scores, and nothing of classes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { uniform } from './__fixtures__/tiny-data.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-own-tasks-'));
  const random = uniform(5);
  const rows = Array.from({ length: 300 }, () => {
    const [a, b] = [10 * random(), 5 * random()];
    return `${a.toFixed(3)},${b.toFixed(3)},${(3 * a - 2 * b).toFixed(2)}`;
  });
  writeFileSync(join(cwd, 'load.csv'), `a,b,newton\n${rows.join('\n')}\n`);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

it('regression', async () => {
  const train = ['train', 'load.csv', '--task', 'regression', '--label', 'newton', '--epochs', '30'];
  const { exitCode, stdout, stderr } = await runWarm(train, { cwd });
  expect(exitCode, stderr).toBe(EXIT_CODES.ok);
  expect(stdout).toContain("value: column 'newton'");
  expect(stdout).toContain('newton to 2 decimals');
  expect(`${stdout}${stderr}`).not.toMatch(/class|accuracy/);
  const verified = await runWarm(['verify', 'runs/load/model.bnm', '--trust-data', '--json'], { cwd });
  expect(verified.exitCode, verified.stderr).toBe(EXIT_CODES.ok);
  const { integerScores, implementations } = JSON.parse(verified.stdout);
  // A straight line without noise: nearly all of it is explained.
  expect(integerScores.r2).toBeGreaterThan(0.9);
  for (const one of implementations) expect(one).toMatchObject({ score: integerScores.r2, mismatches: 0 });
  expect(implementations[0]).not.toHaveProperty('accuracy');
  const { stdout: table } = await runWarm(['verify', 'runs/load/model.bnm', '--trust-data'], { cwd });
  expect(table).toMatch(/samples +mismatches +R²/);
  expect(table).toMatch(/R² 0\.9\d+, mean absolute error/);
  expect(table).not.toMatch(/accuracy|images/);
});
