// What an error is, also when it comes from a second copy of the package.
import { describe, expect, it, vi } from 'vitest';
import { BitnetmcuError } from './bitnetmcu-error.js';
import { QuantError } from './errors.js';

class OtherError extends BitnetmcuError<'broken'> {
  static override readonly className: string = 'OtherError';
}

class FinerError extends OtherError {
  static override readonly className: string = 'FinerError';
}

describe('BitnetmcuError', () => {
  const cause = new RangeError('the reason');
  const finer = new FinerError('broken', 'It is broken.', { cause });

  it('has the name of its class, code, message and cause', () => {
    expect(finer).toBeInstanceOf(Error);
    expect(finer).toMatchObject({ name: 'FinerError', code: 'broken', message: 'It is broken.', cause });
    expect(String(finer)).toBe('FinerError: It is broken.');
    expect('cause' in new OtherError('broken', '')).toBe(false);
  });

  it('is an instance of its class and of those above it, not of those below or beside it', () => {
    expect(BitnetmcuError.isInstance(finer)).toBe(true);
    expect(OtherError.isInstance(finer)).toBe(true);
    expect(FinerError.isInstance(finer)).toBe(true);
    expect(QuantError.isInstance(finer)).toBe(false);
    expect(FinerError.isInstance(new OtherError('broken', ''))).toBe(false);
    for (const other of [cause, undefined, null, 'broken', { name: 'FinerError', code: 'broken' }]) {
      expect(BitnetmcuError.isInstance(other)).toBe(false);
    }
  });

  it('is known across copies of the package, where instanceof is not', async () => {
    vi.resetModules();
    const copy = await import('./errors.js');
    const foreign: unknown = new copy.QuantError('invalid-clip', 'from another copy');
    expect(foreign).not.toBeInstanceOf(QuantError);
    expect(QuantError.isInstance(foreign)).toBe(true);
    expect(BitnetmcuError.isInstance(foreign)).toBe(true);
    expect(OtherError.isInstance(foreign)).toBe(false);
  });

  it('prints nothing of how it is told', () => {
    expect(Object.keys(finer).sort()).toEqual(['code', 'name']);
    expect(JSON.parse(JSON.stringify(finer))).toEqual({ code: 'broken', name: 'FinerError' });
  });
});

describe('a message that quotes a very long text', () => {
  it('is cut in the middle: the place and the remedy stay', () => {
    const { message } = new OtherError('broken', `file.yaml: "${'x'.repeat(50_000)}" is no name. Write one.`);
    expect(message).toMatch(/^file\.yaml: "x{5000,} … \(42036 characters left out\) … x+" is no name\. Write one\.$/);
    // 12 + 50 000 + 24 characters, of which 6000 in front and 2000 behind stay.
    expect(message.length).toBeLessThan(8_100);
  });

  it('has no half characters where it is cut', () => {
    for (const front of ['', 'a']) {
      for (const behind of ['', 'b']) {
        const { message } = new OtherError('broken', `${front}${'😀'.repeat(9_000)}${behind}`);
        expect(message).not.toMatch(/\p{Cs}/u);
        expect(message).toContain(' characters left out) … ');
      }
    }
  });

  it('is whole up to 8000 characters', () => {
    for (const length of [0, 5_999, 6_000, 6_001, 8_000]) {
      const text = 'y'.repeat(length);
      expect(new OtherError('broken', text).message).toBe(text);
    }
  });
});
