// Values by key in a file of lines: there after a restart, whatever the end of a process cut off.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { KeptValues } from './kept-values.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const open = () => new KeptValues(folder, 'sizes.jsonl', z.number().nullable());
const path = () => join(folder, 'sizes.jsonl');

describe('KeptValues', () => {
  it('finds what was kept, the last of a key, null as well', () => {
    const values = open();
    expect(values.find(A)).toBeUndefined();
    values.keep(A, 1);
    values.keep(B, null);
    values.keep(A, 2);
    values.close();
    const again = open();
    expect([again.find(A), again.find(B)]).toEqual([2, null]);
    again.close();
  });

  it('takes back a line that was cut off', () => {
    const values = open();
    values.keep(A, 1);
    values.close();
    const before = readFileSync(path(), 'utf8');
    appendFileSync(path(), `{"key":"${B}","val`);
    const again = open();
    expect(again.find(B)).toBeUndefined();
    expect(readFileSync(path(), 'utf8')).toBe(before);
    again.keep(B, 3);
    again.close();
    expect(readFileSync(path(), 'utf8')).toBe(`${before}{"key":"${B}","value":3}\n`);
  });

  it.each([
    ['{"key":"a","value":1}', /line 1 is none of sizes.jsonl/],
    [`{"key":"${A}","value":"1"}`, /line 1 is none of sizes.jsonl/],
    ['{', /line 1 is no JSON/],
    [`{"key":"${A}","value":1${' '.repeat(70_000)}}`, /a line of more than 4096 bytes/],
  ])('refuses line %#', (line, message) => {
    writeFileSync(path(), `${line}\n`);
    expect(open).toThrow(message);
    expect(open).toThrow(expect.objectContaining({ code: 'invalid-records' }));
  });
});
