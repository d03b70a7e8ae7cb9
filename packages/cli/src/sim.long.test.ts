// `bitnetmcu sim --target all`: every part with what it says of a model that some have no room for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIMULATION_TARGET_NAMES } from '@bitnetmcu/mcu-runtime/targets';
import { encodeBnm } from '@bitnetmcu/models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { runWarm } from './__fixtures__/run-cli.js';
import { simSchema } from './__fixtures__/simulated.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { binaryModel } from './__fixtures__/tiny-model.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
let data: string[] = [];
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-sim-all-'));
  data = writeSyntheticIdx(join(cwd, 'data'), 20, 30);
  // 600 rows of 32 bytes: more than 16 kB of flash.
  writeFileSync(join(cwd, 'large.bnm'), encodeBnm(binaryModel(600)));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const sim = (...args: string[]) => runWarm(['sim', ...args, ...data], { cwd });

it('compares all targets', async () => {
  const json = await sim('large.bnm', '--target', 'all', '--images', '1', '--json');
  expect(z.array(simSchema).safeParse(JSON.parse(json.stdout)).error).toBeUndefined();
  const { exitCode, stdout } = await sim('large.bnm', '--target', 'all', '--images', '1');
  expect(exitCode).toBe(EXIT_CODES.ok);
  for (const name of SIMULATION_TARGET_NAMES) expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
  expect(stdout).toMatch(/✗ ch32v003: .* of flash .*missing/);
});
