// `infer` reads files as training does: cut where it cuts, in its encoding and numbers, padded as it pads, and says what is not so.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeBnm } from '@bitnetmcu/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { uniform } from './__fixtures__/tiny-data.js';
import { trainingFolder } from './__fixtures__/training-folder.js';

const { cwd, save, train, infer, refusal } = trainingFolder('infer-like-training');
const random = uniform(7);

/** `infer` with bytes on standard input. */
function inferBytes(model: string, bytes: Uint8Array): Promise<{ stdout: string; stderr: string }> {
  const bin = fileURLToPath(new URL('../bin/bitnetmcu.js', import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, 'infer', model, '-', '--json', '--no-nearest'], { cwd });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('close', () => resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
    child.stdin.end(bytes);
  });
}

describe('windows of a log', () => {
  const model = 'runs/log/model.bnm';
  const row = (recording: number, time: number, size: number, name: string) =>
    `r${recording},${time},${(size * (random() - 0.5)).toFixed(2)},${(size * (random() - 0.5)).toFixed(2)},${name}`;
  const header = 'recording,timestamp,ax,ay,class';
  // Recordings of 44 rows; of each the time jumps behind 20.
  const recording = (number: number) => {
    const [size, name] = number % 2 === 0 ? [2, 'calm'] : [50, 'wild'];
    return Array.from({ length: 44 }, (_, i) =>
      row(number, 1000 * number + (i < 20 ? i : i + 500), size as number, name as string),
    );
  };
  const rows = Array.from({ length: 8 }, (_, i) => recording(i)).flat();
  let said = '';

  beforeAll(async () => {
    save('log.csv', [header, ...rows]);
    const roles = ['--label', 'class', '--data-groups', 'recording', '--data-time-column', 'timestamp'];
    said = await train('log.csv', ...roles, '--window', '16', '--hop', '8');
  }, 120_000);

  it('are those of training: none reaches over a recording or a jump of time', async () => {
    // Twenty rows hold one window of 16, a new one every 8; twenty-four hold two.
    expect(said).toContain('24 windows of 16 rows');
    const { titles, stderr } = await infer(model, 'log.csv');
    const firsts = Array.from({ length: 8 }, (_, i) => [44 * i + 1, 44 * i + 21, 44 * i + 29]).flat();
    expect(titles).toEqual(firsts.map((first) => `log.csv, rows ${first} to ${first + 15}`));
    expect(stderr).toMatch(/column 'recording' changes 7 times; no window reaches over that, as in training/);
    // Time jumps within each recording, and from one to the next.
    expect(stderr).toMatch(/column 'timestamp' jumps 15 times/);
  });

  it('are cut by what the file has, and by nothing else', async () => {
    const only = (columns: readonly number[]) =>
      [header, ...rows].map((line) => columns.map((i) => line.split(',')[i]).join(','));
    save('values.csv', only([2, 3]));
    const whole = await infer(model, 'values.csv');
    expect(whole.titles).toHaveLength(Math.floor((8 * 44 - 16) / 8) + 1);
    expect(whole.stderr).not.toContain('no window reaches');
    save('upper.csv', only([0, 2, 3]).with(0, 'Recording,ax,ay'));
    // Forty-four rows hold four.
    expect((await infer(model, 'upper.csv')).titles).toHaveLength(8 * 4);
    // Two classes within what is one recording: training cuts there too.
    save('classes.csv', only([2, 3, 4]).slice(0, 1 + 64));
    expect((await infer(model, 'classes.csv')).titles).toHaveLength(4 + 1);
  });

  it('are refused where no stretch is as long, with its length', async () => {
    save('short.csv', [header, ...rows.slice(0, 10), ...rows.slice(44, 56)]);
    expect(await refusal(model, 'short.csv')).toMatch(/no 16 rows that follow each other \(at most 12, /);
  });

  it('with a gap are to be filled in, for a row less would be a jump', async () => {
    save('gap.csv', ['ax,ay', '1,2', ',2', ...Array<string>(20).fill('1,1')]);
    const message = await refusal(model, 'gap.csv');
    expect(message).toMatch(/line 3, column ax: '' found.* Fill it in .*or train with --missing mean/);
    expect(message).not.toContain('Leave the row out');
  });
});

describe('a German table', () => {
  const model = 'runs/german/model.bnm';
  const number = (value: number) =>
    value.toLocaleString('de-DE', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const row = (size: number, name: string) =>
    `${number(size * (1 + random()))};${number(size * (1 + random()))};${name}`;
  const rows = Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? row(9, 'k\u00fchl') : row(1500, 'hei\u00df')));

  beforeAll(async () => {
    save('german.csv', ['Gr\u00f6\u00dfe;L\u00e4nge;Zustand', ...rows], 'latin1');
    const said = await train('german.csv', '--label', 'Zustand', '--data-encoding', 'latin1');
    expect(said).toContain('decimal mark: comma, the other mark groups thousands');
  }, 120_000);

  it('is read with the decimal mark of training where its numbers leave it open, and with its own where not', async () => {
    expect(decodeBnm(readFileSync(join(cwd, model))).provenance.tables?.decimal).toBe('comma');
    save('sure.csv', ['Gr\u00f6\u00dfe;L\u00e4nge', '1234,0;1999,0'], 'latin1');
    const sure = await infer(model, 'sure.csv');
    save('open.csv', ['Gr\u00f6\u00dfe;L\u00e4nge', '1.234;1.999'], 'latin1');
    const open = await infer(model, 'open.csv');
    expect(open.logits).toEqual(sure.logits);
    expect(open.stderr).toMatch(/1\.234 may be meant either way; the decimal mark is the comma, as in training/);
    // One cell says it for all.
    save('own.csv', ['Gr\u00f6\u00dfe;L\u00e4nge', '1.234;1.999', '9.5;12.25'], 'latin1');
    const own = await infer(model, 'own.csv');
    save('small.csv', ['Gr\u00f6\u00dfe;L\u00e4nge', '1,2340;1,9990'], 'latin1');
    const small = (await infer(model, 'small.csv')).logits;
    expect(small).not.toEqual(sure.logits);
    expect(own.logits[0]).toEqual(small[0]);
    expect(own.stderr).not.toContain('either way');
    const asked = await infer(model, 'open.csv', '--data-decimal', 'point');
    expect(asked.logits).toEqual(small);
  });

  it('is read in the encoding of training, from a file and from standard input; a flag wins', async () => {
    const own = await infer(model, 'german.csv');
    expect(own.titles).toHaveLength(80);
    const piped = await inferBytes(model, Buffer.from(`${rows.slice(-3).join('\n')}\n`, 'latin1'));
    const { results } = JSON.parse(piped.stdout);
    expect(results.map((one: { logits: number[] }) => one.logits)).toEqual(own.logits.slice(-3));
    save('utf8.csv', ['Gr\u00f6\u00dfe;L\u00e4nge;Zustand', ...rows]);
    // UTF-8 says by itself that it is none of latin1.
    const utf8 = await infer(model, 'utf8.csv');
    expect(utf8.logits).toEqual(own.logits);
    expect(utf8.results.slice(0, 2).map(({ expected }) => expected)).toEqual(['k\u00fchl', 'hei\u00df']);
    expect((await infer(model, 'utf8.csv', '--data-encoding', 'utf-8')).logits).toEqual(own.logits);
  });

  it('in an encoding that the model does not know is read with the flag that the error names', async () => {
    save('plain.csv', [
      'a,b,state',
      ...rows.map((_, i) => `${i % 7},${i % 2 === 0 ? 1 : 90},${i % 2 === 0 ? 'on' : 'off'}`),
    ]);
    await train('plain.csv', '--label', 'state');
    save('latin.csv', ['a,b,Gr\u00f6\u00dfe', '1,2,3'], 'latin1');
    expect(await refusal('runs/plain/model.bnm', 'latin.csv')).toContain('--data-encoding latin1');
    expect((await infer('runs/plain/model.bnm', 'latin.csv', '--data-encoding', 'latin1')).titles).toHaveLength(1);
  }, 120_000);
});
