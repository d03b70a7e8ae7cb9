// Which network of a front is picked by a number or a word, within limits.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFront } from './front-folder.js';
import { parsePick, pickOf } from './picked-point.js';

const point = (number: number, validation: number, flashBytes: number, ramBytes: number, cycles: number) => ({
  ...{ number, validation, flashBytes, ramBytes, cycles },
  ...{ weightBytes: flashBytes - 1000, milliseconds: cycles / 48_000 },
});
const front = {
  points: [point(1, 0.8, 2000, 300, 96_000), point(2, 0.9, 3000, 200, 480_000), point(3, 0.95, 4000, 400, 240_000)],
};
const none = { milliseconds: undefined, flash: undefined, ram: undefined, weights: undefined };
const numberOf = (asked: string, limits: Partial<typeof none | Record<keyof typeof none, number>> = {}) =>
  pickOf(front, parsePick(asked), { ...none, ...limits }).number;

describe('pickOf', () => {
  it('takes the number, the smallest, the fastest, the most accurate', () => {
    expect(['2', 'smallest', 'fastest', 'best'].map((asked) => numberOf(asked))).toEqual([2, 1, 1, 3]);
  });

  it('takes the best of what keeps the limits', () => {
    expect(numberOf('best', { flash: 3999 })).toBe(2);
    expect(numberOf('best', { ram: 300 })).toBe(2);
    expect(numberOf('fastest', { ram: 200 })).toBe(2);
    expect(numberOf('best', { milliseconds: 4.9, weights: 2999 })).toBe(1);
  });

  it('says what is wrong with a number, and that nothing keeps the limits', () => {
    expect(() => numberOf('4')).toThrow(/numbers 1 to 3/);
    expect(() => numberOf('3', { flash: 3000 })).toThrow(/it takes 4000 B of flash, at most 3000 wanted/);
    expect(() => numberOf('best', { ram: 100 })).toThrow(/none of the 3 networks keeps the limits/);
    expect(() => parsePick('0')).toThrow(/--pick 0: a number of the table/);
  });
});

describe('readFront', () => {
  it('refuses a table that is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-front-'));
    const table = (text: string) => {
      mkdirSync(join(folder, 'front'), { recursive: true });
      writeFileSync(join(folder, 'front', 'front.json'), text);
      return () => readFront(folder);
    };
    expect(table('[')).toThrow(/is no JSON/);
    expect(table('[]')).toThrow(/expected object|object wanted/i);
    const whole = { version: 1, status: 'finished', target: 'ch32v003', points: front.points };
    expect(table(JSON.stringify({ ...whole, version: 2 }))).toThrow(/version/);
    expect(table(JSON.stringify({ ...whole, target: 'z80' }))).toThrow(/z80/);
    expect(table(JSON.stringify({ ...whole, points: [] }))).toThrow(/points/);
    expect(table(JSON.stringify(whole))().points).toEqual(front.points);
    rmSync(folder, { recursive: true });
  });
});
