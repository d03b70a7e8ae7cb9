// The screen before training: every change that it proposes is taken by the command, as it is printed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npy } from '../../trainer/src/data/testing/data-files.js';
import { runWarm } from './__fixtures__/run-cli.js';
import { zipOf } from './__fixtures__/stored-zip.js';
import { uniform } from './__fixtures__/tiny-data.js';
import { wav } from './__fixtures__/wav.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
const random = uniform(3);
const numbers = (count: number, from = 0) => Array.from({ length: count }, () => from + random());
const rows = (head: string, count: number, row: (i: number) => readonly (string | number)[]) =>
  `${[...(head ? [head] : []), ...Array.from({ length: count }, (_, i) => row(i).join(','))].join('\n')}\n`;
const level = (i: number) => ['idle', 'low', 'high'][Math.floor(i / 200) % 3]!;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-hints-'));
  const save = (name: string, content: string | Uint8Array) => writeFileSync(join(cwd, name), content);
  save(
    'flowers.csv',
    rows('long side,width,kind', 120, (i) => [...numbers(2, i % 3), ['a', 'b', 'c'][i % 3]!]),
  );
  // The class first, no header, and a class that has the number of another column.
  save(
    'plain.csv',
    rows('', 120, (i) => [i % 3, ...numbers(3, i % 3)]),
  );
  save(
    'motion.csv',
    rows('time,x,y,level,session', 2400, (i) => [i, ...numbers(2, i % 7), level(i), `s${Math.floor(i / 200)}`]),
  );
  // Three channels beside the time, once in values that no int32 holds.
  save(
    'clock.csv',
    rows('time,ax,ay,az,level', 1200, (i) => [10 * i, ...numbers(3, i % 7), level(i)]),
  );
  save(
    'epoch.csv',
    rows('timestamp,ax,ay,az,level', 1200, (i) => [1.7e12 + 10 * i, ...numbers(3, i % 7), level(i)]),
  );
  for (const [kind, name] of ['hum', 'hiss'].entries()) {
    mkdirSync(join(cwd, 'sounds', name), { recursive: true });
    for (let i = 0; i < 8; i++)
      save(
        `sounds/${name}/${i}.wav`,
        wav(
          8000,
          Array.from({ length: 4000 }, (_, t) => 9000 * (kind ? random() : Math.sin(t / 3))),
        ),
      );
  }
  save(
    'gaps.csv',
    rows('id,a,b,gone,same,site,kind', 120, (i) => [
      i,
      i % 9 ? random() : '',
      random(),
      '',
      7,
      ['north', 'south'][i % 2]!,
      ['a', 'b', 'c'][i % 3]!,
    ]),
  );
  save(
    'load.csv',
    rows('a,b,newton', 120, () => numbers(3)),
  );
  save(
    'pump.csv',
    rows('a,b,state', 120, (i) => [...numbers(2, i % 6 ? 0 : 3), i % 6 ? 'ok' : 'leak']),
  );
  save(
    'valve.csv',
    rows('temp,press,valve', 120, (i) => [...numbers(2), Number(i % 10 < 3)]),
  );
  const x = Float32Array.from({ length: 120 * 8 }, (_, i) => random() + (Math.floor(i / 8) % 3));
  const labels = Uint8Array.from({ length: 120 }, (_, i) => i % 3);
  save('rows.npz', zipOf({ 'x.npy': npy(x, 120, 8), 'y.npy': npy(labels, 120) }));
  const pixels = Uint8Array.from({ length: 120 * 64 }, (_, i) => 80 * (Math.floor(i / 64) % 3) + 60 * random());
  save('pixels.npz', zipOf({ 'x_train.npy': npy(pixels, 120, 8, 8), 'y_train.npy': npy(labels, 120) }));
  for (const [kind, name] of ['red', 'green'].entries()) {
    mkdirSync(join(cwd, 'shapes', name), { recursive: true });
    for (let i = 0; i < 40; i++) {
      const picture = new PNG({ width: 12, height: 12 });
      for (let p = 0; p < 144; p++) picture.data.set([kind ? 40 : 200, kind ? 200 : 40, 60 * random(), 255], 4 * p);
      writeFileSync(join(cwd, 'shapes', name, `${i}.png`), PNG.sync.write(picture));
    }
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** What was made of the data, as far as a change can be seen in it. */
interface Shown {
  readonly assumptions: Assumption[];
  readonly shape: number[];
  readonly sha256: string;
}

/** How many columns are learned from. */
function learnedFrom({ assumptions }: Shown): number {
  const of = assumptions.map(({ what }) => /^(?:learned from|channels): (\d+) columns/.exec(what)?.[1]);
  return Number(of.find((count) => count !== undefined));
}

interface Assumption {
  readonly what: string;
  readonly change: string;
}

/** What one can type as it is: no word in capitals for what only the user knows, and no flag without its value. */
function literal({ change }: Assumption): string[] {
  return change
    .split(/, (?=--)|,? or (?=--)/)
    .map((text) => text.replace(/ for .*/, ''))
    .filter((text) => text !== '' && !/ [A-Z]|--layout nchw or/.test(text));
}

describe.each([
  ['flowers.csv', [], 1],
  ['flowers.csv', ['--label', '1', '--task', 'regression'], 1],
  ['plain.csv', ['--label', '0'], 2],
  ['motion.csv', [], 4],
  ['motion.csv', ['--ignore', 'x', '--window', '16'], 4],
  ['clock.csv', [], 4],
  ['epoch.csv', [], 3],
  ['sounds', [], 3],
  ['gaps.csv', [], 4],
  ['load.csv', ['--task', 'regression'], 1],
  ['pump.csv', ['--task', 'anomaly'], 1],
  ['pump.csv', ['--task', 'anomaly', '--label', 'none'], 1],
  ['valve.csv', ['--task', 'anomaly'], 1],
  ['valve.csv', ['--task', 'anomaly', '--columns', 'temp,press,valve'], 1],
  ['rows.npz', [], 1],
  ['pixels.npz', [], 1],
  ['shapes', [], 1],
] as const)('data %s %j', (file, flags, least) => {
  it('takes every change that it proposes, and each changes something', async () => {
    const shown = await runWarm(['data', file, ...flags, '--json'], { cwd });
    expect(shown.exitCode, shown.stderr).toBe(EXIT_CODES.ok);
    const before = JSON.parse(shown.stdout) as Shown;
    const changes = before.assumptions.flatMap(literal);
    expect(changes.length).toBeGreaterThanOrEqual(least);
    for (const change of changes) {
      const changed = await runWarm(['data', file, ...flags, ...change.split(' '), '--json'], { cwd });
      // Refusing is what this one is for.
      if (change === '--missing error') continue;
      expect(changed.exitCode, `${change}: ${changed.stderr}`).toBe(EXIT_CODES.ok);
      const after = JSON.parse(changed.stdout) as Shown;
      const said = ({ assumptions, shape, sha256 }: Shown) => [assumptions.map(({ what }) => what), shape, sha256];
      expect(said(after), change).not.toEqual(said(before));
      // A column more is learned from, and none less.
      if (change.startsWith('--columns')) expect(learnedFrom(after), change).toBe(learnedFrom(before) + 1);
    }
  });
});

it('nothing is called asked for that nobody asked for', async () => {
  mkdirSync(join(cwd, 'mixed', 'hum'), { recursive: true });
  mkdirSync(join(cwd, 'mixed', 'hiss'), { recursive: true });
  for (let i = 0; i < 8; i++) {
    const rate = i % 2 ? 16_000 : 8000;
    const file = wav(
      rate,
      Array.from({ length: rate / 2 }, (_, t) => 9000 * Math.sin((t * 3000) / rate)),
    );
    for (const name of ['hum', 'hiss']) writeFileSync(join(cwd, 'mixed', name, `${i}.wav`), file);
  }
  const flags = ['--epochs', '1', '--yes'];
  const recordings = await runWarm(['data', 'mixed'], { cwd });
  expect(recordings.exitCode, recordings.stderr).toBe(EXIT_CODES.ok);
  expect(recordings.stderr).toContain('brought to 8000 samples a second (--data-rate, key `rate`)');
  expect(recordings.stdout + recordings.stderr).not.toContain('as asked');
  const table = await runWarm(['train', 'motion.csv', '--window', '1', '-o', 'motion-run', ...flags], { cwd });
  expect(table.exitCode, table.stderr).toBe(EXIT_CODES.ok);
  const inferred = await runWarm(['infer', join('motion-run', 'model.bnm'), '42', '--trust-data'], { cwd });
  expect(inferred.exitCode, inferred.stderr).toBe(EXIT_CODES.ok);
  expect(inferred.stderr).toContain("column 'time' is left out");
  expect(inferred.stderr).not.toContain('as asked');
});

it.each(['nofile.csv', 'nofolder'])('data %s: there is no such file', async (path) => {
  const { exitCode, stderr } = await runWarm(['data', path], { cwd });
  expect(exitCode).not.toBe(EXIT_CODES.ok);
  expect(stderr).toMatch(new RegExp(`${path}: there is no such file or folder\\..*mnist, fashion-mnist`));
});

it('--label takes the number of a column, and a name of digits goes before', async () => {
  const classesOf = async (file: string, label: string) => {
    const { exitCode, stdout, stderr } = await runWarm(['data', file, '--label', label, '--json'], { cwd });
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { classes, shape } = JSON.parse(stdout) as { classes: string[]; shape: number[] };
    return { classes, shape };
  };
  expect(await classesOf('plain.csv', '0')).toEqual({ classes: ['0', '1', '2'], shape: [3] });
  expect(await classesOf('flowers.csv', '2')).toEqual({ classes: ['a', 'b', 'c'], shape: [2] });
  // As pandas writes a table without names.
  writeFileSync(
    join(cwd, 'years.csv'),
    rows('0,1,2,kind', 90, (i) => [i % 2, ...numbers(2), ['a', 'b', 'c'][i % 3]!]),
  );
  expect(await classesOf('years.csv', '0')).toEqual({ classes: ['0', '1'], shape: [2] });
});

it.each([
  ['attiny85', /^ {2}bitnetmcu firmware \S+ --target attiny85 /m],
  ['esp32c3', /^ {2}bitnetmcu export \S+ --target esp32c3 /m],
])('train --target %s names the part in what comes next', async (target, wanted) => {
  const flags = ['--preset', 'table-s', '--epochs', '2', '--target', target, '-o', target];
  const { exitCode, stdout, stderr } = await runWarm(['train', 'flowers.csv', ...flags], { cwd });
  expect(exitCode, stderr).toBe(EXIT_CODES.ok);
  expect(stdout).toMatch(wanted);
});
