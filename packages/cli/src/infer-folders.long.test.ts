// `infer` on recordings, pictures and tables of a training on folders: read as the training read them, and what is printed for a folder works.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { uniform } from './__fixtures__/tiny-data.js';
import { trainingFolder } from './__fixtures__/training-folder.js';
import { wav } from './__fixtures__/wav.js';
import { EXIT_CODES } from './exit-codes.js';

const { cwd, run, save, train, infer, refusal } = trainingFolder('infer-folders');
const random = uniform(7);
const noise = (size: number, count: number) => Array.from({ length: count }, () => Math.round(size * (random() - 0.5)));

/** The commands that a message tells the user to type. */
const commandsOf = (message: string) =>
  [...message.matchAll(/`bitnetmcu ([^`]*)`/g)].map(([, command]) => command!.split(' '));

/** What a shell makes of a pattern: the first file in the first folder that it names. */
const first = (word: string, file: string) => (word.includes('*') ? file : word);

describe('folders and files of their kinds', () => {
  const classes = ['high', 'low'];

  it('recordings: short ones end in silence as in training, and what is printed for a folder works', async () => {
    for (const name of classes) {
      mkdirSync(join(cwd, 'sounds', name), { recursive: true });
      for (let i = 0; i < 8; i++)
        writeFileSync(join(cwd, 'sounds', name, `${i}.wav`), wav(8000, noise(name === 'high' ? 9000 : 90, 64)));
    }
    const model = 'runs/sounds/model.bnm';
    await train('sounds', '--window', '32', '--hop', '32');
    const short = noise(9000, 20);
    writeFileSync(join(cwd, 'short.wav'), wav(8000, short));
    writeFileSync(join(cwd, 'padded.wav'), wav(8000, [...short, ...Array<number>(12).fill(0)]));
    const found = await infer(model, 'short.wav');
    expect(found.logits).toEqual((await infer(model, 'padded.wav')).logits);
    expect(found.logits).toHaveLength(1);
    expect(found.stderr).toMatch(/short\.wav has 20 values .*fewer than a window of 32; it ends in silence/);
    writeFileSync(join(cwd, 'torn.wav'), wav(8000, short).subarray(0, 60));
    expect(await refusal(model, 'torn.wav', 'padded.wav')).toContain('torn.wav');
    const rest = await infer(model, 'torn.wav', 'padded.wav', '--data-skip-damaged');
    expect(rest.titles).toEqual(['padded.wav at 0.00 s']);
    expect(rest.stderr).toContain('Left out: torn.wav is cut short');
    const commands = commandsOf(await refusal(model, 'sounds/'));
    expect(commands.map(([name]) => name)).toEqual(['infer', 'verify']);
    for (const command of commands) {
      const done = await run(...command.map((word) => first(word, 'sounds/high/0.wav')));
      expect(done.exitCode, `${command.join(' ')}\n${done.stderr}`).toBe(EXIT_CODES.ok);
    }
  }, 180_000);

  it('recordings of features: windows are as far apart as those of the exported C', async () => {
    for (const name of classes) {
      mkdirSync(join(cwd, 'tones', name), { recursive: true });
      for (let i = 0; i < 8; i++)
        writeFileSync(join(cwd, 'tones', name, `${i}.wav`), wav(8000, noise(name === 'high' ? 9000 : 90, 64)));
    }
    // 20 values are two and a half frames of 8: three on the device, where features come a frame at a time.
    const features = ['--features', 'rms,mean', '--frame', '8', '--frame-hop', '8'];
    await train('tones', '--window', '32', '--hop', '20', ...features);
    const model = 'runs/tones/model.bnm';
    const sound = noise(9000, 80);
    writeFileSync(join(cwd, 'long.wav'), wav(8000, sound));
    const singly: number[][] = [];
    for (const begin of [0, 24, 48]) {
      writeFileSync(join(cwd, 'window.wav'), wav(8000, sound.slice(begin, begin + 32)));
      singly.push(...(await infer(model, 'window.wav')).logits);
    }
    expect((await infer(model, 'long.wav')).logits).toEqual(singly);
    await run('export', model, '-o', 'tones-export');
    expect(readFileSync(join(cwd, 'tones-export/model/tones.h'), 'utf8')).toMatch(/#define TONES_HOP 3$/m);
  }, 180_000);

  it('pictures: a damaged one is named as such, and what is printed for a folder works', async () => {
    const picture = (level: number) => {
      const png = new PNG({ width: 8, height: 8 });
      for (let i = 0; i < png.data.length; i++) png.data[i] = i % 4 === 3 ? 255 : Math.round(level + 20 * random());
      return PNG.sync.write(png);
    };
    for (const name of classes) {
      mkdirSync(join(cwd, 'shots', name), { recursive: true });
      for (let i = 0; i < 16; i++)
        writeFileSync(join(cwd, 'shots', name, `${i}.png`), picture(name === 'high' ? 200 : 20));
    }
    const model = 'runs/shots/model.bnm';
    await train('shots');
    const whole = picture(100);
    writeFileSync(join(cwd, 'cut.png'), whole.subarray(0, whole.length - 40));
    const cut = await refusal(model, 'cut.png');
    expect(cut).toMatch(/cut\.png is a PNG picture that is cut off \(damaged\)/);
    expect(cut).not.toMatch(/read requests|stream/);
    save('three.csv', ['1,2,3']);
    const columns = await refusal(model, 'three.csv');
    expect(columns).toMatch(/3 columns, \d+ are wanted\. Give all of them in the order of training/);
    expect(columns).not.toContain('these names');
    const commands = commandsOf(await refusal(model, 'shots'));
    expect(commands.map(([name]) => name)).toEqual(['infer', 'verify']);
    for (const command of commands) {
      const done = await run(...command.map((word) => first(word, 'shots/low/0.png')));
      expect(done.exitCode, `${command.join(' ')}\n${done.stderr}`).toBe(EXIT_CODES.ok);
    }
  }, 180_000);

  it('folders of tables: what is printed works, and nothing else is printed', async () => {
    for (const name of classes) {
      mkdirSync(join(cwd, 'tables', name), { recursive: true });
      for (let i = 0; i < 6; i++)
        save(`tables/${name}/${i}.csv`, [
          'x,y',
          ...Array.from(
            { length: 20 },
            () => `${((name === 'high' ? 50 : 1) * random()).toFixed(2)},${random().toFixed(2)}`,
          ),
        ]);
    }
    await train('tables', '--window', '8');
    const commands = commandsOf(await refusal('runs/tables/model.bnm', 'tables'));
    expect(commands.map(([name]) => name)).toEqual(['infer']);
    const done = await run(...commands[0]!.map((word) => first(word, 'tables/low/0.csv')));
    expect(done.exitCode, done.stderr).toBe(EXIT_CODES.ok);
    mkdirSync(join(cwd, 'empty'));
    expect(await refusal('runs/tables/model.bnm', 'empty')).toMatch(/empty is a folder without \.csv/);
  }, 180_000);
});
