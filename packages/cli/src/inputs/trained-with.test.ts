import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import { afterAll, describe, expect, it } from 'vitest';
import { trainedWithNote } from './trained-with.js';

const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-trained-with-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);
mkdirSync(at('pictures', 'a'), { recursive: true });
for (const name of ['log.csv', 'log.csv.old', 'pictures/a/1.png']) writeFileSync(at(name), '');
symlinkSync(at('log.csv'), at('link.csv'));
const log = { kind: 'csv', train: at('log.csv') } as DataSpec;
const pictures = { kind: 'folder', train: at('pictures'), test: at('test') } as DataSpec;

describe('data of the training', () => {
  it.each([
    [[at('log.csv')], log, /log\.csv is among .*: most of these answers are no test .*`bitnetmcu verify m\.bnm`/],
    [[at('link.csv')], log, /link\.csv is among/],
    [[at('new.csv'), at('log.csv')], log, /log\.csv is among/],
    [[at('pictures/a/1.png'), at('pictures/a/1.png')], pictures, /1\.png and 1 more are among .*: these answers are/],
  ])('%j are named', (inputs, data, note) => expect(trainedWithNote(inputs, data, 'm.bnm')).toMatch(note));

  it.each([
    [[at('log.csv.old'), '42', '-'], log],
    [[at('log.csv')], undefined],
    [[at('log.csv')], { kind: 'mnist' } as DataSpec],
    [[at('log.csv')], { kind: 'csv', train: at('gone.csv') } as DataSpec],
  ])('%j are none', (inputs, data) => expect(trainedWithNote(inputs, data, 'm.bnm')).toBeUndefined());
});
