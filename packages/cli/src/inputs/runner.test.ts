// Flags of who makes the runs: what they mean, and how they are told to be typed again.
import { describe, expect, it } from 'vitest';
import { auditFlag } from './queue-flags.js';
import { runnerFlags } from './runner.js';

describe('auditFlag', () => {
  it.each([
    ['2%', 0.02],
    ['0.5%', 0.005],
    ['100%', 1],
  ])('reads %s', (text, share) => {
    expect(auditFlag(text)).toBe(share);
  });

  it.each(['0.02', '2', '1', '101%', '%', '-1%'])('refuses %s, and says what is wanted', (text) => {
    const message = expect.stringContaining('0% to 100%');
    expect(() => auditFlag(text)).toThrow(expect.objectContaining({ code: 'usage', message }));
  });
});

describe('runnerFlags', () => {
  it('names what was given', () => {
    expect(runnerFlags({})).toBe('');
    expect(runnerFlags({ jobs: '2', limitSeconds: '60', limitMemory: '512' })).toBe(
      ' --jobs 2 --limit-seconds 60 --limit-memory 512',
    );
    expect(runnerFlags({ redis: true, ahead: '20' })).toBe(' --redis --ahead 20');
  });

  it.skipIf(process.platform === 'win32')('quotes what a shell would read otherwise', () => {
    expect(runnerFlags({ redis: 'redis://queue.example/?a&b', audit: '2%' })).toBe(
      " --redis 'redis://queue.example/?a&b' --audit '2%'",
    );
  });
});
