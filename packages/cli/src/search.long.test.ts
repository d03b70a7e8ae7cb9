// `bitnetmcu search` as a user calls it: from a table to networks within a budget, their files, and back to training.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { decodeBnm } from '@bitnetmcu/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { uniform } from './__fixtures__/tiny-data.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
const run = (...args: string[]) => runWarm(args, { cwd, environment: { BITNETMCU_CACHE: join(cwd, 'cache') } });

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-search-'));
  const random = uniform(3);
  const rows = Array.from({ length: 300 }, () => {
    const [x, y] = [random() - 0.5, random() - 0.5];
    return [x.toFixed(3), y.toFixed(3), random().toFixed(3), y > 0.15 ? 'above' : x < 0 ? 'left' : 'right'].join(',');
  });
  writeFileSync(join(cwd, 'points.csv'), `x,y,noise,where\n${rows.join('\n')}\n`);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const search = (...args: string[]) =>
  run('search', 'points.csv', '--target', 'ch32v003', '--runs', '20', '--epochs', '12', '--jobs', '2', ...args);

describe('search', () => {
  it('finds networks within the budget, writes each with what it is trained by again, and goes on where it was', async () => {
    const { exitCode, stdout, stderr } = await search('--max-flash', '5k', '--max-weights', '400', '--json');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ status: 'finished', failed: 0, folder: join('searches', 'points-csv-ch32v003') });
    expect(found.points.length).toBeGreaterThan(0);
    for (const point of found.points) {
      expect(point.flashBytes).toBeLessThanOrEqual(5120);
      expect(point.weightBytes).toBeLessThanOrEqual(400);
      expect(existsSync(join(cwd, point.model))).toBe(true);
    }
    expect(readFileSync(join(cwd, found.plot), 'utf8')).toContain('<circle');

    // Its model is whole, and its configuration trains it again.
    const [point] = found.points;
    const verified = await run('verify', point.model);
    expect(verified.exitCode, verified.stderr).toBe(EXIT_CODES.ok);
    const again = await run('train', point.config, '--output', 'again', '--json');
    expect(again.exitCode, again.stderr).toBe(EXIT_CODES.ok);
    expect(JSON.parse(again.stdout).integers.accuracy).toBeCloseTo(point.test, 12);

    // One network of the folder, without training: what is trained by the command that it names is the same to the last code.
    const pick = await run('search', '--output', found.folder, '--pick', 'smallest', '--json');
    expect(pick.exitCode, pick.stderr).toBe(EXIT_CODES.ok);
    const { picked } = JSON.parse(pick.stdout);
    expect(picked.flashBytes).toBe(Math.min(...found.points.map((one: typeof point) => one.flashBytes)));
    expect(picked.c.map((path: string) => basename(path))).toContain('searched.c');
    const [bitnetmcu, ...words] = picked.reproduce.split(' ');
    expect(bitnetmcu).toBe('bitnetmcu');
    const reproduced = await run(...words);
    expect(reproduced.exitCode, reproduced.stderr).toBe(EXIT_CODES.ok);
    const nodes = (path: string) => decodeBnm(readFileSync(join(cwd, path))).nodes;
    expect(nodes(join(words.at(-1), 'model.bnm'))).toEqual(nodes(picked.model));
    expect((await run('verify', picked.model)).exitCode).toBe(EXIT_CODES.ok);

    const more = JSON.parse((await search('--max-flash', '5k', '--max-weights', '400', '--json')).stdout);
    expect(more.points).toEqual(found.points);
  }, 240_000);

  it('writes the picked network when the search has ended', async () => {
    const { exitCode, stdout, stderr } = await search('--max-weights', '400', '--max-flash', '5k', '--pick', '1');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toMatch(/^Network 1 for ch32v003: held out [\d.]+ %, test [\d.]+ %; /m);
    expect(stdout).toContain(join('picked', '1', 'model.bnm'));
  }, 240_000);

  it('shows a table, and what to type next', async () => {
    const { exitCode, stdout, stderr } = await search('--max-weights', '400', '--max-flash', '5k');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toMatch(/held out +test +weights +flash +RAM +ms +model/);
    expect(stderr).toMatch(/bitnetmcu firmware searches\/points-csv-ch32v003\/front\/\d+\.bnm --target ch32v003\n/);
  }, 240_000);

  it.each([
    [['search', 'points.csv'], /--target/],
    [['search', '--target', 'ch32v003'], /No data were named/],
    [['search', 'points.csv', '--target', 'ch32v003', '--runs', '0'], /--runs 0: a whole number/],
    [['search', 'points.csv', '--target', 'ch32v003', '--hours', '-1'], /--hours -1: a number above 0/],
    [['search', 'points.csv', '--target', 'ch32v003', '--max-flash', 'big'], /--max-flash big/],
    [['search', 'points.csv', '--target', 'ch32v3'], /ch32v003/],
    [['search', '--pick', 'best'], /--output, which names its folder/],
    [['search', '--pick', 'nicest', '--output', 'x'], /--pick nicest: a number of the table/],
    [['search', '--pick', '1', '--output', 'x'], /holds no networks of a search/],
    [['search', 'study.json', '--target', 'ch32v003'], /no such file/],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await run(...args);
    expect([EXIT_CODES.usage, EXIT_CODES.badInput]).toContain(exitCode);
    expect(stderr).toMatch(message);
  });
});
