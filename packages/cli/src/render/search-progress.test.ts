// The line of a search: what is best so far by each objective.
import type { SearchedRun } from '@bitnetmcu/studies';
import { describe, expect, it, vi } from 'vitest';
import { Terminal } from '../terminal.js';
import { SearchProgress } from './search-progress.js';

const ended = (accuracy: number, flashBytes: number, ramBytes: number, milliseconds?: number) =>
  ({
    record: { status: 'finished', validation: { integer: { accuracy } } },
    costs: { flashBytes, ramBytes, milliseconds },
    known: false,
  }) as unknown as SearchedRun;

describe('SearchProgress', () => {
  it('has the most accurate network, and the least flash, RAM and time with the accuracy that goes with it', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let text = '';
    const stderr = { isTTY: true, columns: 400, write: (part: string) => (text += part) };
    const terminal = new Terminal({ stdout: stderr, stderr, json: false, verbose: false, environment: {} });
    const progress = new SearchProgress(terminal, { runs: 8, minAccuracy: 0.5 });
    const line = (run: SearchedRun) => {
      text = '';
      vi.advanceTimersByTime(1000);
      progress.ended(run);
      return text;
    };
    expect(line(ended(0.9, 4096, 512, 2))).toMatch(
      /best 90.00 % in .*least .* flash \(90.00 %\), 512 B RAM \(90.00 %\), 2.0 ms \(90.00 %\)/,
    );
    expect(line(ended(0.8, 2048, 600, 1.25))).toMatch(/best 90.*flash \(80.00 %\), 512 B RAM \(90.00 %\), 1.3 ms \(80/);
    // Less accurate than is wanted, and one that does not fit, which takes no time.
    expect(line(ended(0.4, 100, 100, 0.1))).toMatch(/512 B RAM \(90.00 %\), 1.3 ms/);
    expect(line(ended(0.95, 9000, 256))).toMatch(/best 95.*256 B RAM \(95.00 %\), 1.3 ms/);
    vi.useRealTimers();
  });
});
