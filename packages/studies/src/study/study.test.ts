// Studies as documents, and the runs that they mean.
import { describe, expect, it } from 'vitest';
import { mergePatch } from './merge-patch.js';
import { parseStudy } from './parse-study.js';
import { configurationOf, parseListStudy, studyRequests } from './study.js';

describe('mergePatch', () => {
  // The examples of RFC 7396, appendix A, whose patch and target are objects.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j by %j is %j', (target, patch, result) => expect(mergePatch(target, patch)).toEqual(result));

  it('replaces a thing of another kind as a whole', () => {
    const base = { optimizer: { kind: 'adam', beta1: 0.8 } };
    expect(mergePatch(base, { optimizer: { kind: 'sgd' } })).toEqual({ optimizer: { kind: 'sgd' } });
    expect(mergePatch(base, { optimizer: { damping: 1 } })).toEqual({ optimizer: { ...base.optimizer, damping: 1 } });
  });
});

describe('parseStudy', () => {
  const document = {
    name: 'rates',
    base: { network: 'fc-1k', epochs: 10, optimizer: { kind: 'adam', beta1: 0.8 } },
    configurations: [
      { name: 'slow', config: { learningRate: 1e-4 } },
      { name: 'plain', config: { optimizer: { kind: 'sgd' }, epochs: null } },
    ],
    seeds: [3, 5],
    targets: ['ch32v003'],
  };

  it('gives every configuration with every seed, all of the first seed first', () => {
    const study = parseListStudy(document);
    const requests = studyRequests(study);
    expect(requests.map(({ config }, i) => [configurationOf(study, i), config.seed])).toEqual([
      ['slow', 3],
      ['plain', 3],
      ['slow', 5],
      ['plain', 5],
    ]);
    expect(requests[0]).toMatchObject({
      config: { learningRate: 1e-4, epochs: 10, optimizer: { beta1: 0.8 } },
      targets: ['ch32v003'],
      test: false,
    });
    expect(requests[1]!.config).toMatchObject({ learningRate: 1e-3, epochs: 60, optimizer: { kind: 'sgd' } });
  });

  it('counts seeds from 1, and without any takes that of the base', () => {
    expect(parseStudy({ ...document, seeds: 3 })).toMatchObject({ seeds: [1, 2, 3] });
    expect(parseStudy({ name: 'one', base: { seed: 9 } })).toMatchObject({
      seeds: [9],
      configurations: [{ name: 'base' }],
    });
  });

  it.each([
    [{ ...document, sedes: 3 }, /sedes: unknown key.*seeds/s],
    [{ ...document, name: '../../etc' }, /name/],
    [{ ...document, seeds: [1, 2, 1] }, /seed 1 twice/],
    [{ ...document, configurations: [{ name: 'a' }, { name: 'a' }] }, /"a" twice/],
    [{ ...document, base: { epohcs: 3 } }, /configuration "slow".*epohcs.*epochs/s],
    [{ ...document, configurations: [{ name: 'a', config: { epochs: 0 } }] }, /configuration "a".*epochs/s],
    ['nothing', /study is not valid/],
  ])('refuses %#', (wrong, message) => {
    expect(() => parseStudy(wrong)).toThrow(message);
    expect(() => parseStudy(wrong)).toThrow(expect.objectContaining({ code: 'invalid-study' }));
  });

  it('names the nearest part', () => {
    expect(() => parseStudy({ ...document, targets: ['ch32v03'] })).toThrow(/ch32v003/);
  });
});
