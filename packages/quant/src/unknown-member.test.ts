import { describe, expect, it } from 'vitest';
import { unknownMember } from './unknown-member.js';

const REMEDY = 'Take one of those that its type names.';
const said = (what: string, found: unknown) => unknownMember(what, found as never);

describe('unknownMember', () => {
  it.each([
    ['a text', 'ranking', "'ranking'"],
    ['a number', 7, '7'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an object', { kind: 'sparse', at: 2, isOpen: false }, '{"kind":"sparse","at":2,"isOpen":false}'],
    ['what an object holds of any size', { op: 'bend', weight: new Float32Array(9), inputs: ['a'] }, '{"op":"bend"}'],
    ['an array', [1, 2], 'of Array'],
    ['what would reach the terminal', 'a\u001b[2J\n', "'a\\u001b[2J\\n'"],
  ])('shows %s', (_, found, shown) => {
    expect(said('thing', found)).toBe(`There is no thing ${shown}. ${REMEDY}`);
  });

  it('shows 80 characters of what is long, and an object that holds itself', () => {
    expect(said('thing', 'x'.repeat(1e6))).toBe(`There is no thing '${'x'.repeat(79)}…. ${REMEDY}`);
    const ring: { kind: string; self?: unknown } = { kind: 'ring' };
    ring.self = ring;
    expect(said('thing', ring)).toBe(`There is no thing {"kind":"ring"}. ${REMEDY}`);
  });
});
