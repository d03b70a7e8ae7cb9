// Data of normal samples alone: `train --task anomaly` takes a table without a label, a folder of one class, pictures and recordings as they are.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { uniform } from './__fixtures__/tiny-data.js';
import { wav } from './__fixtures__/wav.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
const random = uniform(11);
const wave = (i: number) => (Math.sin(i / 5) + 0.1 * random()).toFixed(3);
const table = (head: string, rows: number, row: (i: number) => readonly (string | number)[]) =>
  `${head}\n${Array.from({ length: rows }, (_, i) => row(i).join(',')).join('\n')}\n`;

const hum = (count: number) => Array.from({ length: count }, (_, i) => 8000 * Math.sin(i / 3) + 500 * random());

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-normal-only-'));
  const save = (name: string, content: string | Uint8Array) => writeFileSync(join(cwd, name), content);
  // The last column has few whole numbers, and the words repeat: neither says what is normal.
  save(
    'plant.csv',
    table('t1,t2,site,stage', 120, (i) => [wave(i), wave(2 * i), ['north', 'south'][i % 2]!, 1 + (i % 3)]),
  );
  save(
    'clock.csv',
    table('time,x,y', 1600, (i) => [10 * i, wave(i), wave(i + 8)]),
  );
  for (const folder of ['moves/normal', 'flat', 'pictures/good', 'sounds/fan']) {
    mkdirSync(join(cwd, folder), { recursive: true });
  }
  for (let file = 0; file < 5; file++) {
    for (const folder of ['moves/normal', 'flat']) {
      save(
        `${folder}/${file}.csv`,
        table('ax,ay', 160, (i) => [wave(i), wave(i + 8)]),
      );
    }
    save(`sounds/fan/${file}.wav`, wav(8000, hum(4000)));
  }
  for (let file = 0; file < 24; file++) {
    const picture = new PNG({ width: 64, height: 48 });
    for (let p = 0; p < 64 * 48; p++) {
      const grey = Math.floor(100 + (p % 64) + 60 * random());
      picture.data.set([grey, grey, grey, 255], 4 * p);
    }
    save(`pictures/good/${file}.png`, PNG.sync.write(picture));
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

it.each<[string, RegExp, RegExp]>([
  ['plant.csv', /all rows are normal: there is no label column .*\n +change: --label COLUMN\n/, /network table-m /],
  ['clock.csv', /all rows are normal[\s\S]*windows of 64 rows[^\n]*\(a column tells\s+the time\)/, /network signal-/],
  ['moves', /classes: 1 folders \(normal\)/, /network signal-/],
  ['flat', /all rows are normal[\s\S]*windows of 64 rows/, /network signal-/],
  ['pictures', /classes: 1 folders \(good\)/, /network table-s [\s\S]*made smaller to\s+1×16×16/],
  ['sounds', /features: mel:16/, /network table-m \(\d+ rows of a table of 16 values/],
])('%s', async (data, read, network) => {
  const flags = ['--task', 'anomaly', '--epochs', '2', '-o', `out-${data}`, '--yes'];
  const { exitCode, stdout, stderr } = await runWarm(['train', data, ...flags], { cwd });
  expect(exitCode, stderr).toBe(EXIT_CODES.ok);
  expect(stdout).toMatch(read);
  expect(stdout).toMatch(network);
  // Without an abnormal sample only the share above the threshold can be said.
  expect(stdout).toMatch(/integers: \d+\.\d\d % of the normal ones a false alarm\n/);
  expect(`${stdout}${stderr}`).not.toMatch(/ROC|nothing to tell apart/);
});

it('a label that says what is normal is still found', async () => {
  writeFileSync(
    join(cwd, 'pump.csv'),
    table('a,state', 120, (i) => [wave(i), i % 6 ? 'ok' : 'leak']),
  );
  const { stdout } = await runWarm(['data', 'pump.csv', '--task', 'anomaly'], { cwd });
  expect(stdout).toContain("label: column 'state' (2 different: leak, ok)");
});

it('without the task the sentence names it', async () => {
  for (const data of ['moves', 'pictures', 'sounds']) {
    const { exitCode, stderr } = await runWarm(['data', data], { cwd });
    expect(exitCode).not.toBe(EXIT_CODES.ok);
    expect(stderr).toMatch(/of one class only .*, or --task anomaly to learn what is normal\./);
  }
});

it('windows with more values than can be given back are refused with flags that work', async () => {
  const flags = ['--task', 'anomaly', '--window', '8000', '--epochs', '2', '-o', 'wide'];
  for (let file = 0; file < 5; file++) writeFileSync(join(cwd, `sounds/fan/${file}.wav`), wav(8000, hum(24_000)));
  const refused = await runWarm(['train', 'sounds', ...flags], { cwd });
  expect(refused.stderr).toMatch(/gives back all 8000 values of a sample.*--features bands:16 --frame 256/);
  const more = ['--features', 'bands:16', '--frame', '256'];
  const { exitCode, stderr } = await runWarm(['train', 'sounds', ...flags, ...more], { cwd });
  expect(exitCode, stderr).toBe(EXIT_CODES.ok);
});
