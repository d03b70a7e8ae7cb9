// `infer` and the tables a user gives it: which columns are read, what their numbers and the class are, and what is refused.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { uniform } from './__fixtures__/tiny-data.js';
import { trainingFolder } from './__fixtures__/training-folder.js';
import { wav } from './__fixtures__/wav.js';

const { cwd, save, train, infer, refusal } = trainingFolder('infer-tables');
const random = uniform(11);
const value = (size: number) => (size * (1 + random())).toFixed(1);

describe('a table with names', () => {
  const model = 'runs/named/model.bnm';
  // The two columns differ in size, so that swapped ones give other logits.
  const rows = Array.from({ length: 60 }, (_, i) => `${value(i % 2 ? 3 : 9)},${value(700)},${i % 2 ? 'on' : 'off'}`);

  beforeAll(async () => {
    save('named.csv', ['X,Y,state', ...rows]);
    await train('named.csv', '--label', 'state');
  }, 120_000);

  it('is read by name in any case and order', async () => {
    save('right.csv', ['X,Y', '3.5,900']);
    save('swapped.csv', ['y;x', '900;3.5']);
    const [right, swapped] = [await infer(model, 'right.csv'), await infer(model, 'swapped.csv')];
    expect(swapped.logits).toEqual(right.logits);
    expect(swapped.stderr).not.toContain('in order');
  });

  it('of other names is read in order, which is said', async () => {
    save('right.csv', ['X,Y', '3.5,900']);
    save('other.csv', ['left,top', '3.5,900']);
    const other = await infer(model, 'other.csv');
    expect(other.logits).toEqual((await infer(model, 'right.csv')).logits);
    expect(other.stderr).toContain('no column is called as in training (X, Y); they are taken in order: left, top');
  });

  it('has its decimal mark from the columns that are read, not from a clock', async () => {
    save('clock.csv', ['time;X;Y', '00.01;3,512;9,012', '00.02;3,514;9,013']);
    save('points.csv', ['X,Y', '3.512,9.012', '3.514,9.013']);
    expect((await infer(model, 'clock.csv')).logits).toEqual((await infer(model, 'points.csv')).logits);
  });

  it('with a row of another width is refused, with its line', async () => {
    save('long.csv', ['X,Y', '1,2', '1,2,5']);
    save('short.csv', ['X,Y', '1,2', '7']);
    expect(await refusal(model, 'long.csv')).toMatch(/long\.csv, line 3: 3 cells; 2 are expected/);
    expect(await refusal(model, 'short.csv')).toMatch(/short\.csv, line 3: 1 cells; 2 are expected/);
  });

  it('with a row of units below the names is read, and the row is named', async () => {
    save('right.csv', ['X,Y', '3.5,900']);
    save('units.csv', ['X,Y', 'mm,hPa', '3.5,900']);
    const units = await infer(model, 'units.csv');
    expect(units.logits).toEqual((await infer(model, 'right.csv')).logits);
    expect(units.titles).toEqual(['units.csv, line 3']);
    expect(units.stderr).toContain('units.csv, line 2: units or other words (mm, hPa) passed over');
  });

  it('that is not there is an error, also where damaged files are left out', async () => {
    save('right.csv', ['X,Y', '3.5,900']);
    const message = await refusal(model, 'right.csv', 'nowhere.csv', '--data-skip-damaged');
    expect(message).toContain('nowhere.csv: there is no such file');
  });
});

describe('a table whose names are numbers', () => {
  const model = 'runs/numbered/model.bnm';

  it('is told from one without names where all names are there', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${value(i % 2 ? 3 : 90)},${value(7)},${value(5)},${i % 2}`);
    save('numbered.csv', ['1,2,3,kind', ...rows]);
    await train('numbered.csv', '--label', 'kind');
    save('names.csv', ['3,2,1', '5,7,3']);
    save('plain.csv', ['3,7,5']);
    const names = await infer(model, 'names.csv');
    expect(names.titles).toEqual(['names.csv, line 2']);
    expect(names.logits).toEqual((await infer(model, 'plain.csv')).logits);
  }, 120_000);
});

describe('a table without names', () => {
  it('of values alone has no truth, with the label column before it has', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 2 ? 5 : 6},${value(i % 2 ? 3 : 90)},${value(7)}`);
    save('first.csv', rows);
    await train('first.csv', '--label', '0');
    save('alone.csv', ['5,7', '6,8']);
    save('whole.csv', ['6,5,7', '5,6,8']);
    const alone = await infer('runs/first/model.bnm', 'alone.csv');
    const whole = await infer('runs/first/model.bnm', 'whole.csv');
    expect(whole.logits).toEqual(alone.logits);
    expect(alone.results.map(({ expected }) => expected)).toEqual([undefined, undefined]);
    expect(whole.results.map(({ expected }) => expected)).toEqual(['6', '5']);
  }, 120_000);

  it('to predict a number from is read so too', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${(i / 3).toFixed(2)},${i}.5,${value(7)}`);
    save('value.csv', rows);
    await train('value.csv', '--label', '0', '--task', 'regression');
    save('alone.csv', ['5,7', '6,8']);
    save('whole.csv', ['1.5,5,7', '2.5,6,8']);
    const alone = await infer('runs/value/model.bnm', 'alone.csv');
    const whole = await infer('runs/value/model.bnm', 'whole.csv');
    expect(whole.logits).toEqual(alone.logits);
    expect(alone.results.map(({ expected }) => expected)).toEqual([undefined, undefined]);
    expect(whole.results.map(({ expected }) => (expected as { value: number }[])[0]!.value)).toEqual([1.5, 2.5]);
  }, 120_000);
});

describe('windows', () => {
  const moments = (count: number, size: number) => Array.from({ length: count }, () => (size * random()).toFixed(2));

  it('of one column with decimal commas are read', async () => {
    const rows = ['calm', 'wild'].flatMap((name) =>
      moments(60, name === 'wild' ? 90 : 4).map((one) => `${one},${name}`),
    );
    save('one.csv', ['value,state', ...rows]);
    await train('one.csv', '--label', 'state', '--window', '8');
    save('commas.csv', ['value', ...Array<string>(8).fill('5,12')]);
    save('points.csv', ['value', ...Array<string>(8).fill('5.12')]);
    const model = 'runs/one/model.bnm';
    expect((await infer(model, 'commas.csv')).logits).toEqual((await infer(model, 'points.csv')).logits);
  }, 120_000);

  it('are cut where the class changes, also where training found the class by itself', async () => {
    // The only column of words; no file says its name.
    const rows = ['calm', 'wild', 'calm', 'wild', 'calm', 'wild'].flatMap((name) =>
      moments(72, name === 'wild' ? 90 : 4).map((one) => `${one},${value(3)},${name}`),
    );
    save('log.csv', ['ax,ay,state', ...rows]);
    save('log.yaml', [
      'network:',
      '  name: log',
      '  input: { shape: [2, 1, 16] }',
      '  layers:',
      '    - { type: linear, name: fc1, outputs: 2, weights: { format: 8bit } }',
      'data: { kind: csv, train: log.csv, window: 16, hop: 16 }',
      'validation: 0.2',
      'output: runs/log',
    ]);
    await train('log.yaml');
    const { titles } = await infer('runs/log/model.bnm', 'log.csv');
    // Seventy-two rows hold four windows of 16; 432 without a cut would hold 27.
    expect(titles).toHaveLength(24);
  }, 120_000);

  it('of features are whole frames apart, as in exported C', async () => {
    const rows = ['calm', 'wild', 'calm', 'wild'].flatMap((name) =>
      moments(160, name === 'wild' ? 90 : 4).map((one) => `${one},${name}`),
    );
    save('frames.csv', ['value,state', ...rows]);
    const features = ['--features', 'rms,mean', '--frame', '8', '--frame-hop', '8'];
    await train('frames.csv', '--label', 'state', '--window', '32', '--hop', '20', ...features);
    save('values.csv', ['value', ...moments(90, 1)]);
    // 20 rows are two and a half frames of 8: three.
    expect((await infer('runs/frames/model.bnm', 'values.csv')).titles).toEqual(
      [1, 25, 49].map((first) => `values.csv, rows ${first} to ${first + 31}`),
    );
  }, 120_000);

  it('of a table stand as far apart as those of the recordings that the model was trained on', async () => {
    for (const name of ['high', 'low']) {
      mkdirSync(join(cwd, 'sounds', name), { recursive: true });
      for (let i = 0; i < 8; i++) {
        const noise = Array.from({ length: 128 }, () => Math.round((name === 'high' ? 9000 : 90) * (random() - 0.5)));
        writeFileSync(join(cwd, 'sounds', name, `${i}.wav`), wav(8000, noise));
      }
    }
    await train('sounds', '--window', '32', '--hop', '64');
    save('sound.csv', moments(160, 1));
    // 160 rows: windows begin at 0, 64 and 128.
    expect((await infer('runs/sounds/model.bnm', 'sound.csv')).titles).toEqual([
      'sound.csv, rows 1 to 32',
      'sound.csv, rows 65 to 96',
      'sound.csv, rows 129 to 160',
    ]);
  }, 120_000);
});
