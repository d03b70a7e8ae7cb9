import { describe, expect, it } from 'vitest';
import { parseJsonDocument } from './json-document.js';

const limits = { bytes: 100, depth: 3, entries: 5 };
const parse = (text: string) => parseJsonDocument(new TextEncoder().encode(text), limits);

describe('JSON within limits', () => {
  it('counts brackets and commas outside of texts only', () => {
    expect(parse('{"a": "[[[[[{{{{,,,,,,,,\\"[[[["}')).toEqual({ a: '[[[[[{{{{,,,,,,,,"[[[[' });
    expect(parse('["\\\\", ["\\\\\\"["]]')).toEqual(['\\', ['\\"[']]);
    expect(parse('[[[1]], {}]')).toEqual([[[1]], {}]);
    expect(parse('  7 ')).toBe(7);
  });

  it('refuses each limit by its name', () => {
    expect(() => parse('[[[[1]]]]')).toThrow('its objects and lists nest deeper than 3');
    expect(() => parse('[{"a": [[]]}]')).toThrow('deeper than 3');
    expect(() => parse('[1,2,3,4,5,6]')).toThrow('more than 5 keys and list entries');
    expect(parse('[1,2,3,4,5]')).toEqual([1, 2, 3, 4, 5]);
    expect(() => parse(`"${'x'.repeat(99)}"`)).toThrow('it has 101 bytes, at most 100 are read');
  });

  it('leaves what is no JSON to the parser', () => {
    for (const text of ['', '{', ']', ']]]]]]]]', '"', '"\\', '{"a"', '[1,]'])
      expect(() => parse(text)).toThrow(SyntaxError);
    expect(() => parseJsonDocument(Uint8Array.of(0x22, 0xff, 0x22), limits)).toThrow(TypeError);
  });
});
