// Columns that tell the time are found by many names, and nothing else is taken for one.
import { describe, expect, it } from 'vitest';
import { dataFolder } from '../testing/data-files.js';
import { inspectData } from './inspect-data.js';

const { save, path } = dataFolder();

/** What is said of a table of a first column with these values, a sensor and a class. */
async function said(name: string, cellOf: (row: number) => string): Promise<string[]> {
  const rows = Array.from({ length: 120 }, (_, i) => `${cellOf(i)};${(i * 37) % 101};${i % 60 < 30 ? 'a' : 'b'}`);
  save('clock.csv', [`${name};x;state`, ...rows].join('\n'));
  const { assumptions } = await inspectData(`${path}/clock.csv`);
  return assumptions.map(({ what, because }) => `${what} (${because})`);
}

describe('a column that tells the time', () => {
  it.each([
    'time',
    'Time (s)',
    'Zeit (s)',
    'Zeit [ms]',
    'Zeitstempel',
    'timestamp_ms',
    'seconds_elapsed',
    't',
    't [s]',
    't_ms',
    'Zeit',
    'loggingTime(txt)',
    'unix_time',
    'epoch_ms',
    'Date/Time',
    'elapsed',
    'ms',
    'time_us',
  ])('%s', async (name) => {
    expect(await said(name, (i) => String(100 + i * 0.02))).toContainEqual(
      expect.stringContaining(`left out: column '${name}' (it tells the time)`),
    );
  });

  it.each(['T', 'T (°C)', 't_bearing', 'torque', 'humidity', 'mass', 'h', 'min', 'tsunami', 'zeitreihe'])(
    'is none by the name %s',
    async (name) => {
      expect(await said(name, (i) => String((i * 53) % 97))).toContainEqual(
        expect.stringMatching(/learned from: 2 columns/),
      );
    },
  );
});

describe('a column to learn from that only rises or falls', () => {
  it.each([
    ['rises', (i: number) => String(i * i)],
    ['falls', (i: number) => String(4000 - 3 * i)],
  ])('%s: that is said, with the flag', async (what, cellOf) => {
    expect(await said('battery', cellOf)).toContainEqual(
      expect.stringContaining(`learned from although it only ${what}: column 'battery' (it tells where in the file`),
    );
  });

  it.each([
    ['steps now and then', (i: number) => String(Math.floor(i / 40))],
    ['goes up and down', (i: number) => String(i % 50)],
  ])('is none that %s', async (_, cellOf) => {
    expect((await said('battery', cellOf)).join()).not.toContain('although it only');
  });
});
