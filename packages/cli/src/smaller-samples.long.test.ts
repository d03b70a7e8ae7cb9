// Samples with more values than a network for anomalies gives back are refused with flags that work: each is run on the data that it was proposed for.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { npy } from '../../trainer/src/data/testing/data-files.js';
import { runWarm } from './__fixtures__/run-cli.js';
import { zipOf } from './__fixtures__/stored-zip.js';
import { uniform } from './__fixtures__/tiny-data.js';
import { wav } from './__fixtures__/wav.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
const random = uniform(5);
const COUNT = 12;
const list = (length: number, value: (i: number) => number) => Array.from({ length }, (_, i) => value(i));
/** Of some phase, so that a time step has not one value in all samples. */
const wave = (length: number) => {
  const phase = 6 * random();
  return list(length, (i) => Math.sin(i / 5 + phase) + random() / 10);
};
const lines = (rows: readonly (readonly (number | string)[])[]) =>
  rows.map((row) => `${row.map((cell) => (typeof cell === 'number' ? cell.toFixed(2) : cell)).join(',')}\n`).join('');

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-smaller-'));
  const save = (name: string, content: string | Uint8Array) => writeFileSync(join(cwd, name), content);
  const arrays = (name: string, x: Float32Array | Uint8Array, ...shape: number[]) =>
    save(name, zipOf({ 'x.npy': npy(x, COUNT, ...shape), 'y.npy': npy(new Uint8Array(COUNT), COUNT) }));
  const names = list(4200, (i) => i).map((i) => ['A', 'B'][i] ?? `c${i}`);
  save('wide.csv', lines([names, ...list(COUNT, (i) => i).map(() => list(4200, random))]));
  arrays('wide.npz', Float32Array.from({ length: COUNT * 4200 }, random), 4200);
  save('windows.csv', lines(list(COUNT, (i) => i).map(() => wave(4200))));
  arrays('windows.npz', Float32Array.from(list(2 * COUNT, (i) => i).flatMap(() => wave(2400))), 2, 2400);
  save('log.csv', lines([['ax', 'ay'], ...wave(24_000).map((value, i) => [value, (i % 7) + random()])]));
  arrays(
    'pictures.npz',
    Uint8Array.from({ length: COUNT * 30 * 24 * 24 }, () => 255 * random()),
    30,
    24,
    24,
  );
  mkdirSync(join(cwd, 'sounds', 'fan'), { recursive: true });
  for (let file = 0; file < 8; file++) {
    save(
      `sounds/fan/${file}.wav`,
      wav(
        8000,
        list(16_000, (i) => 8000 * Math.sin(i / 3) + 500 * random()),
      ),
    );
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

it.each<[string, string[], string[]]>([
  ['wide.csv', [], ['--columns A,B']],
  ['wide.npz', [], []],
  ['windows.csv', [], ['--features bands:16 --frame 256']],
  ['windows.npz', [], ['--features bands:16 --frame 256']],
  ['log.csv', ['--window', '2400', '--hop', '400'], ['--features bands:16 --frame 256', '--window 128']],
  ['sounds', ['--features', 'mel:64', '--frame-hop', '64', '--window', '8000'], ['--features bands:16 --frame 256']],
  ['pictures.npz', ['--layout', 'nchw', '--preset', 'image-l'], ['--preset table-s']],
])('%s %j', async (data, given, proposed) => {
  const train = (more: readonly string[], run: string) =>
    runWarm(['train', data, '--task', 'anomaly', '--epochs', '1', '--yes', ...given, ...more, '-o', run], { cwd });
  const refused = await train([], 'refused');
  expect(refused.exitCode, refused.stderr).toBe(EXIT_CODES.badInput);
  const sentence = /at most 4096 are possible\. (.*)\.\n/.exec(refused.stderr)![1]!;
  const flags = sentence.match(/--.*/)?.[0].split(' or ') ?? [];
  expect(flags).toEqual(proposed);
  for (const [i, flag] of flags.entries()) {
    const { exitCode, stderr } = await train(flag.split(' '), `${data}-${i}`);
    expect(exitCode, `${flag}: ${stderr}`).toBe(EXIT_CODES.ok);
  }
});
