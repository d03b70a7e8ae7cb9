// Samples for a trial of a model: of all classes, also where the test part is sorted by class.
import type { Dataset } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import type { Terminal } from '../terminal.js';
import { mixedSamples } from './dataset.js';

function chosen(labels: readonly number[], limit: number, output?: Dataset['output']) {
  const notes: string[] = [];
  const terminal = { note: (text: string) => notes.push(text) } as unknown as Terminal;
  const test = { count: labels.length, bytes: new Uint8Array(labels.length), labels: Uint16Array.from(labels) };
  return { numbers: mixedSamples({ test, output } as unknown as Dataset, limit, terminal), notes };
}

describe('mixedSamples', () => {
  it('takes of each class in turn where the first are of few classes, and says so', () => {
    const { numbers, notes } = chosen([0, 0, 0, 0, 0, 1, 1, 1, 2], 5);
    // First of 0, 1 and 2, then second of 0 and of 1.
    expect(numbers).toEqual([0, 5, 8, 1, 6]);
    expect(notes).toEqual(['The test part is sorted by class: 5 of its 9 samples are taken, of each class in turn.']);
  });

  it('takes the first where those are of most classes, or there are none', () => {
    expect(chosen([0, 1, 2, 0, 0, 0, 1, 2], 4)).toEqual({ numbers: 4, notes: [] });
    expect(chosen([0, 0, 0, 0, 4, 4], 3, { task: 'anomaly' } as Dataset['output'])).toEqual({ numbers: 3, notes: [] });
  });
});
