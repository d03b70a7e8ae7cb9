// Folders of records: what was kept is there, what was cut off is taken back, what is something else is refused.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTrainingConfig } from '@bitnetmcu/trainer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailedRun, FinishedRun } from '../run/run-record.js';
import { readRecords } from './read-records.js';
import { openRecords } from './run-records.js';

const ADD_RECORDS = fileURLToPath(new URL('../testing/add-records.mjs', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-records-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const request = { config: parseTrainingConfig({ network: 'fc-1k' }), targets: [], test: false };
const model = new TextEncoder().encode('a model');

function finished(key: string): FinishedRun {
  return {
    status: 'finished',
    key: hash(key),
    request,
    dataset: { name: 'stripes', sha256: hash('data') },
    epochs: [],
    validation: { float: { loss: 1, accuracy: 0.5 }, integer: { accuracy: 0.5 } },
    weightBytes: 100,
    targets: [],
    model: createHash('sha256').update(model).digest('hex'),
    seconds: 1,
    engine: { kind: 'wasm', simd: 'simd128', threads: 1 },
    versions: { trainer: '1.0.0' },
    worker: 'here 1',
    ended: '2026-01-01T00:00:00.000Z',
  };
}

function failed(key: string): FailedRun {
  const { worker, ended } = finished(key);
  return { status: 'failed', key: hash(key), request, reason: 'crashed', message: 'gone', attempts: 3, worker, ended };
}

function filled(): string {
  const records = openRecords(folder);
  records.add(finished('a'), model);
  records.add(failed('b'));
  records.close();
  return join(folder, 'records.jsonl');
}

describe('openRecords', () => {
  it.skipIf(process.platform === 'win32')('takes back a record that there is no room for, and goes on', () => {
    const file = filled();
    const large = { ...failed('c'), message: 'x'.repeat(2 ** 17) };
    // Files of at most 16 or 32 KiB, as shells count: as on a full disk the beginning of the record fits.
    const added = spawnSync(
      'sh',
      ['-c', `trap '' XFSZ; ulimit -f 32; exec "$0" "$@"`, process.execPath, ADD_RECORDS, folder],
      {
        input: JSON.stringify([large, failed('d')]),
        encoding: 'utf8',
      },
    );
    expect([added.stdout, added.stderr]).toEqual(['EFBIG\nadded\n', '']);
    expect(readRecords(folder)).toEqual([finished('a'), failed('b'), failed('d')]);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4);
  });

  it('keeps runs and models, and finds them again', () => {
    filled();
    const records = openRecords(folder);
    expect(records.find(hash('a'))).toEqual(finished('a'));
    expect(records.find(hash('b'))).toEqual(failed('b'));
    expect(records.find(hash('c'))).toBeUndefined();
    expect(readFileSync(records.modelPath(finished('a').model!), 'utf8')).toBe('a model');
    records.close();
    expect(readRecords(folder)).toEqual([finished('a'), failed('b')]);
  });

  it('takes the last record of a run that was made again', () => {
    filled();
    const records = openRecords(folder);
    records.add(finished('b'), model);
    records.close();
    expect(readRecords(folder)).toEqual([finished('a'), finished('b')]);
  });

  it.each([1, 40, 70_000])('takes back %i bytes of a line that was cut off', (bytes) => {
    const path = filled();
    const before = readFileSync(path, 'utf8');
    appendFileSync(path, `{"status":"finished","key":"${'x'.repeat(bytes)}`.slice(0, bytes));
    expect(readRecords(folder)).toHaveLength(2);
    const records = openRecords(folder);
    expect(records.size).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(before);
    records.add(finished('c'), model);
    records.close();
    expect(readRecords(folder)).toEqual([finished('a'), failed('b'), finished('c')]);
  });

  it('is for one writer at a time', () => {
    const records = openRecords(folder);
    expect(() => openRecords(folder)).toThrow(expect.objectContaining({ code: 'folder-in-use' }));
    records.close();
    openRecords(folder).close();
  });

  it('removes the checkpoint of a run that finished', () => {
    const records = openRecords(folder);
    records.checkpoints.write(hash('a'), model);
    records.add(finished('a'), model);
    expect(records.checkpoints.read(hash('a'))).toEqual([]);
    records.close();
  });

  it('refuses a model that is not the one of its record', () => {
    const records = openRecords(folder);
    expect(() => records.add(finished('a'), Uint8Array.of(1))).toThrow(/SHA-256/);
    expect(() => records.add(finished('a'))).toThrow(/no model was given/);
    records.close();
    expect(readRecords(folder)).toEqual([]);
  });

  it('refuses folders of something else, and records of another version', () => {
    writeFileSync(join(folder, 'holiday.jpg'), '');
    expect(() => openRecords(folder)).toThrow(expect.objectContaining({ code: 'invalid-records' }));
    expect(existsSync(join(folder, 'records.jsonl'))).toBe(false);
    expect(() => readRecords(folder)).toThrow(/no records of runs/);
    writeFileSync(join(folder, 'study-records.json'), '{"version": 99}');
    expect(() => openRecords(folder)).toThrow(/version 99; version 1 wanted/);
    writeFileSync(join(folder, 'study-records.json'), 'what');
    expect(() => readRecords(folder)).toThrow(expect.objectContaining({ code: 'invalid-records' }));
  });

  it.each([
    ['no JSON', 'what', /line 3 is no JSON/],
    ['no record', '{"status":"finished"}', /line 3 is no record/],
    ['no text', Buffer.from([0xff, 0xfe]), /line 3 is no JSON/],
  ])('names the line that is %s', (_, line, message) => {
    const path = filled();
    appendFileSync(path, Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
    expect(() => openRecords(folder)).toThrow(message);
    expect(() => readRecords(folder)).toThrow(message);
  });
});
