import { describe, expect, it } from 'vitest';
import * as evaluated from '../ir/ops/index.js';
import { onnxOperatorSupport } from './operator-support.js';

describe('onnxOperatorSupport', () => {
  const support = onnxOperatorSupport();
  const named = (kind: string) => support.filter((entry) => entry.kind === kind).map(({ operator }) => operator);

  it('lists every operator once a kind, all of those that are imported being evaluated too', () => {
    for (const kind of ['imported', 'evaluated', 'refused']) {
      expect(new Set(named(kind)).size).toBe(named(kind).length);
    }
    // Folding and the float reference need a function for each of them.
    for (const operator of named('imported')) expect(Object.keys(evaluated)).toContain(operator);
    expect(named('imported').filter((operator) => named('refused').includes(operator))).toEqual([]);
    expect(named('imported')).toEqual(expect.arrayContaining(['Conv', 'Gemm', 'MaxPool', 'QuantizeLinear']));
  });

  it('says of each what becomes of it, or what to use instead', () => {
    for (const entry of support) {
      if (entry.kind === 'imported') expect(entry.becomes).not.toBe('');
      if (entry.kind === 'refused') expect(entry.nearest).toMatch(/support|recognized|folded|export|leave it out/);
    }
  });
});
