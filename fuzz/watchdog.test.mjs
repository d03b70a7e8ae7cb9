// The watchdog sees every kind of failure, blames the right case, and goes on with the next one.
import { Random } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { loadParser, PARSERS } from './parsers.mjs';
import { runCases } from './watchdog.mjs';

describe('watchdog', () => {
  it('names what went wrong with each case', async () => {
    const results = [];
    await runCases('broken', 1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], (result) => results.push(result));
    const outcomes = results.map(
      ({ accepted, refused, failure }) => failure ?? refused ?? (accepted ? 'accepted' : 'nothing'),
    );
    expect(outcomes).toEqual([
      'accepted',
      'wrong-input',
      'untyped',
      'untyped',
      'late',
      'crash',
      'slow',
      'memory',
      'mismatch',
      'accepted',
    ]);
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }, 180_000);
});

describe.each(PARSERS)('%s', (name) => {
  it('makes the same case again from its number, and others from others', async () => {
    const parser = await loadParser(name);
    const state = await parser.prepare();
    const make = (seed) => JSON.stringify(parser.make(Random.of(seed), state));
    expect(make(1)).toBe(make(1));
    expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map(make)).size).toBeGreaterThan(4);
  }, 180_000);
});
