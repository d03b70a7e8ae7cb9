// What is said and written of what a search found.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecords, type SearchPoint } from '@bitnetmcu/studies';
import { parseTrainingConfig } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { readFront } from './front-folder.js';
import { belowWanted, writeFront } from './search-front.js';

const found = (...accuracies: readonly number[]) => ({
  points: accuracies.map((validation) => ({ validation }) as SearchPoint),
});

describe('belowWanted', () => {
  it('says so where the most accurate network is less accurate than was wanted', () => {
    expect(belowWanted(found(0.7, 0.85), 0.9)).toMatch(/--min-accuracy 0.9: the most accurate one found has 0.8500/);
    expect(belowWanted(found(0.7, 0.9), 0.9)).toBeUndefined();
    expect(belowWanted(found(0.7))).toBeUndefined();
    expect(belowWanted(found(), 0.9)).toBeUndefined();
  });
});

const of = { title: 'digits on ch32v003', target: 'ch32v003' };

describe('writeFront', () => {
  it('replaces a front by another one, and keeps it where there is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-front-'));
    const records = openRecords(folder);
    const front = join(folder, 'front');
    mkdirSync(front);
    writeFileSync(join(front, '7.bnm'), 'of before');
    expect(writeFront({ status: 'interrupted', points: [], runs: [] }, records, of)).toEqual({ points: [] });
    expect(readFileSync(join(front, '7.bnm'), 'utf8')).toBe('of before');

    writeFileSync(records.modelPath('aa'), 'a model');
    const costs = { fits: true, kernels: 'small', weightBytes: 1, flashBytes: 2, ramBytes: 3 };
    const request = { config: parseTrainingConfig({}), targets: [], test: false };
    const point = { validation: 0.9, costs, record: { model: 'aa', key: 'k', request } } as unknown as SearchPoint;
    const { points, plot } = writeFront({ status: 'finished', points: [point], runs: [] }, records, of);
    expect(points[0]!.model).toBe(join(front, '1.bnm'));
    expect(readFileSync(points[0]!.model, 'utf8')).toBe('a model');
    expect(existsSync(points[0]!.config) && existsSync(plot!)).toBe(true);
    expect(existsSync(join(front, '7.bnm')) || existsSync(`${front}.new`)).toBe(false);

    // What an interrupted search has does not replace what one before it came to, and is gone when there is an end again.
    const stopped = writeFront({ status: 'interrupted', points: [point, point], runs: [] }, records, of);
    expect(stopped.points[1]!.model).toBe(join(folder, 'front-so-far', '2.bnm'));
    expect(readFront(folder)).toMatchObject({ folder: front, status: 'finished', points: [{ number: 1 }] });
    rmSync(front, { recursive: true });
    expect(readFront(folder)).toMatchObject({ status: 'interrupted', points: [{ number: 1 }, { number: 2 }] });
    writeFront({ status: 'finished', points: [point], runs: [] }, records, of);
    expect(existsSync(join(folder, 'front-so-far'))).toBe(false);
    records.close();
    rmSync(folder, { recursive: true });
  });
});
