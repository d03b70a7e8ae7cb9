// Models of the zoo by name, wherever a command wants a model.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ZooEntry, zoo } from '@bitnetmcu/models/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-zoo-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runWarm(args, { cwd });
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);

describe('bitnetmcu zoo', () => {
  it('lists what the package has, filtered by target and size', async () => {
    expect(await json('zoo')).toEqual(zoo);
    const small = (await json('zoo', '--target', 'ch32v003', '--max-bytes', '2000')) as ZooEntry[];
    expect(small.map(({ name }) => name)).toEqual(
      zoo
        .filter(({ weightBytes, targets }) => weightBytes <= 2000 && targets.includes('ch32v003'))
        .map(({ name }) => name),
    );
    const { stdout } = await run('zoo');
    for (const { name } of zoo) expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
  });

  it('refuses an unknown target and a limit that is no number', async () => {
    expect((await run('zoo', '--target', 'ch32v009')).exitCode).toBe(EXIT_CODES.usage);
    expect((await run('zoo', '--max-bytes', 'few')).exitCode).toBe(EXIT_CODES.usage);
  });

  it('says what there is where a name is wrong', async () => {
    const { exitCode, stderr } = await run('verify', 'zoo:no-such-model');
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(stderr).toContain('no model of the zoo "no-such-model"');
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

const [smallest] = zoo.filter(({ dataset, macs }) => dataset === 'mnist' && macs < 10_000);

describe.skipIf(smallest === undefined)('zoo:<name>', () => {
  const model = `zoo:${smallest?.name}`;

  it('has the accuracy of the manifest on all test images, without a mismatch', async () => {
    const { images, implementations } = await json('verify', model, '--implementations', 'typescript,wasm');
    expect(images).toBe(10_000);
    expect(implementations).toHaveLength(2);
    for (const result of implementations) {
      expect(result).toMatchObject({ accuracy: smallest!.test, mismatches: 0 });
    }
  });

  it('tells all about one: every seed and the command that trains it again', async () => {
    const { stdout } = await run('zoo', smallest!.name);
    expect(stdout).toContain(smallest!.command);
    for (const { test } of smallest!.seeds) expect(stdout).toContain(`${(100 * test).toFixed(2)} %`);
    expect(await json('zoo', model)).toEqual(smallest);
  });

  it('can be inspected, classify, be simulated and exported', async () => {
    expect(await json('inspect', model)).toMatchObject({
      name: smallest!.name,
      total: { bytes: smallest!.weightBytes },
    });
    expect((await json('infer', '--model', model, '0')).results).toHaveLength(1);
    expect(await json('sim', model, '--images', '1')).toMatchObject({ target: 'ch32v003', images: 1 });
    const { files } = await json('export', model, '--format', 'bnm');
    expect(files).toHaveLength(1);
    expect(existsSync(join(cwd, files[0]))).toBe(true);
  });
});
