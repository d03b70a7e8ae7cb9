// What is taken for data among other files, and that tasks without classes are told without them.
import { describe, expect, it } from 'vitest';
import { saysHowRead } from '../csv/read-csv.js';
import { loadDataset } from '../data-spec.js';
import { dataFolder, npy } from '../testing/data-files.js';
import { inspectData, kindOf, lookAt } from './inspect-data.js';

const { save, path } = dataFolder();

describe('what lies beside the data', () => {
  const png = Uint8Array.of(1);
  it.each([
    ['notes beside class folders of pictures', ['p/a/1.png', 'p/b/1.png', 'p/notes.txt'], 'a folder of PNG'],
    [
      'a list in a class folder of pictures',
      ['q/a/1.png', 'q/a/2.png', 'q/b/1.png', 'q/a/list.csv'],
      'a folder of PNG',
    ],
    ['notes beside class folders of sounds', ['r/a/1.wav', 'r/b/1.wav', 'r/notes.txt'], 'a folder of WAV'],
    ['plots beside recordings', ['s/a/1.csv', 's/a/1.png', 's/b/1.csv', 's/b/1.png'], 'a folder of CSV'],
  ])('%s', (_, files, title) => {
    for (const file of files) save(file, png);
    expect(kindOf(lookAt(`${path}/${files[0]![0]!}`))!.title).toContain(title);
  });

  it('notes beside class folders of recordings are no recording', async () => {
    for (const file of ['walk/1.csv', 'walk/2.csv', 'rest/1.csv']) {
      save(`beside/${file}`, `x,y\n${Array.from({ length: 40 }, (_, i) => `${(i * 7) % 10},${i % 6}`).join('\n')}\n`);
    }
    save('beside/notes.txt', 'made in May\n');
    const { assumptions } = await inspectData(`${path}/beside`);
    expect(assumptions.map(({ what }) => what)).toContain('recordings: 3 files');
  });
});

describe('words of the task', () => {
  it.each([
    ['classification', npy(Uint8Array.of(...[1, 0], ...[0, 1]), 2, 2), 'classes: array y, one-hot rows'],
    ['multiLabel', npy(Uint8Array.of(...[1, 0], ...[1, 1]), 2, 2), 'labels: array y, 1 and 0 for each of 2'],
    ['regression', npy(Float32Array.of(1.5, 2), 2), 'values: array y'],
  ])('arrays for %s', async (task, y, said) => {
    save(`${task}/y.npy`, y);
    save(`${task}/x.npy`, npy(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3));
    const { assumptions } = await inspectData(`${path}/${task}`, { task });
    expect(assumptions.map(({ what }) => what)).toContain(said);
  });

  const table = `a,b,target\n${Array.from({ length: 30 }, (_, i) => `${i / 10},${(i * 7) % 10},${i % 4 ? `hot;wet` : ''}`).join('\n')}\n`;

  it.each([
    ['regression', /^value: column 'target' \(/m],
    ['multiLabel', /^labels: column 'target' \(/m],
    ['anomaly', /^label: column 'target' \(/m],
  ])('%s', async (task, line) => {
    const numbers = table.replaceAll('hot;wet', '7.5').replace(/,$/gm, ',2');
    const words = task === 'multiLabel' ? table : numbers;
    const { assumptions, spec } = await inspectData(save(`${task}.csv`, words), { task, labelColumn: 'target' });
    const said = assumptions.map(({ what, because }) => `${what} (${because})`).join('\n');
    expect(said).toMatch(line);
    expect(said).not.toMatch(/class/);
    if (task === 'anomaly') return;
    const notes = (await loadDataset(spec)).notes!;
    expect(notes[0]).toMatch(task === 'regression' ? /the value is column 'target'/ : /the labels are column 'target'/);
    expect(saysHowRead(notes[0]!)).toBe(true);
    expect(saysHowRead('x.csv: column a: 3 % of test values outside the range.')).toBe(false);
  });
});
