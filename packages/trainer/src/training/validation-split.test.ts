// Which samples are held out: of data sets known by name as ever, of one's own class by class and recordings as a whole.
import { describe, expect, it } from 'vitest';
import { splitSamples } from '../data/dataset.js';
import { parseTrainingConfig } from './config.js';
import { settleValidation, splitForValidation, validationCount } from './validation-split.js';

/** Ten of class 0 for one of class 1; the byte of a sample is its number. */
const samples = {
  count: 220,
  bytes: Uint8Array.from({ length: 220 }, (_, i) => i),
  labels: Uint16Array.from({ length: 220 }, (_, i) => (i % 11 === 10 ? 1 : 0)),
};
const own = parseTrainingConfig({ data: { kind: 'csv', train: 'x.csv' } }).data;

describe('validation', () => {
  it('is a number, a share, or 15 % and at most 5000', () => {
    expect([validationCount(30, 200), validationCount(0.1, 205), validationCount(0, 200)]).toEqual([30, 21, 0]);
    expect([validationCount(0.001, 200), validationCount(undefined, 200), validationCount(undefined, 60_000)]).toEqual([
      1, 30, 5000,
    ]);
    expect(() => parseTrainingConfig({ validation: 1.5 })).toThrow(/validation.*whole number, or a share/s);
    expect(parseTrainingConfig({ validation: 0.2 }).validation).toBe(0.2);
  });

  it('of data sets known by name, and by random, any samples are drawn', () => {
    const wanted = splitSamples(samples, 40, 7);
    const settings = { validation: 40, seed: 7 };
    expect(splitForValidation(samples, settings)).toEqual(wanted);
    expect(splitForValidation(samples, { ...settings, data: { kind: 'mnist' } })).toEqual(wanted);
    const random = parseTrainingConfig({ data: { kind: 'csv', train: 'x.csv', splitBy: 'random' } }).data;
    expect(splitForValidation(samples, { ...settings, data: random })).toEqual(wanted);
  });

  it("of one's own data every class gives its share", () => {
    for (let seed = 0; seed < 10; seed++) {
      const { rest, heldOut } = splitForValidation(samples, { validation: 22, seed, data: own });
      expect([heldOut.count, heldOut.labels.filter((label) => label === 1).length]).toEqual([22, 2]);
      expect([...rest.bytes, ...heldOut.bytes].sort((a, b) => a - b)).toEqual([...samples.bytes]);
    }
  });

  it('recordings stay whole', () => {
    const groups = Uint32Array.from({ length: 220 }, (_, i) => Math.floor(i / 22));
    const { rest, heldOut } = splitForValidation({ ...samples, groups }, { validation: 0.2, seed: 1, data: own });
    expect(heldOut.count).toBe(44);
    expect(new Set(heldOut.groups).size).toBe(2);
    for (const group of heldOut.groups!) expect(rest.groups!.includes(group)).toBe(false);
  });

  it('says what comes out where recordings stay whole, and refuses none that was asked for', () => {
    const notices: string[] = [];
    const settle = (groupOf: (sample: number) => number, validation: number, isAsked: boolean) => {
      const groups = Uint32Array.from({ length: 220 }, (_, i) => groupOf(i));
      return settleValidation({ ...samples, groups }, { validation, seed: 1, data: own }, isAsked, (notice) =>
        notices.push(notice),
      );
    };
    // Ten recordings of 22 samples: of 30 that are asked for, one or two come out.
    expect(settle((i) => Math.floor(i / 22), 30, true)).toBe(30);
    expect(notices.splice(0)).toEqual([
      expect.stringMatching(/^(22|44) of 220 training samples are held out .*, not 30: /),
    ]);
    expect(settle((i) => Math.floor(i / 22), 44, true)).toBe(44);
    expect(settle(() => 0, 0, true)).toBe(0);
    expect(notices).toEqual([]);
    expect(settle(() => 0, 33, false)).toBe(0);
    expect(notices.splice(0).join()).toMatch(/^0 of 220 .*not 33: .*a class is in one of them only/);
    expect(() => settle(() => 0, 33, true)).toThrow(/33 of 220 training samples .* none can be.*--validation\) to 0/);
  });

  it('leaves something to train with', () => {
    expect(() => splitForValidation(samples, { validation: 220, seed: 1, data: own })).toThrow(
      /220 validation samples.*share such as/s,
    );
  });
});
