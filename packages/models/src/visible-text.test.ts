import { describe, expect, it } from 'vitest';
import { visibleJson, visibleLines, visibleText } from './visible-text.js';

/** What a terminal may be told with: C0 but line feed, DEL, C1, and what Unicode orders or hides text with. Written out by hand. */
const HARMFUL = [
  ...Array.from({ length: 32 }, (_, code) => code).filter((code) => code !== 10),
  ...Array.from({ length: 33 }, (_, i) => 0x7f + i),
  // Soft hyphen, combining grapheme joiner, Arabic letter mark, Hangul fillers, Mongolian vowel separator.
  ...[0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x180e, 0x3164, 0xffa0],
  // Zero width, marks, embeddings and overrides, isolates, word joiner, invisible operators, deprecated formats.
  ...[0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
  ...[0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x2066, 0x2067, 0x2068, 0x2069, 0x206a, 0x206f],
  // Variation selectors, byte order mark, interlinear annotation, noncharacters, private use, tags.
  ...[0xfe00, 0xfe0f, 0xfeff, 0xfff9, 0xfffb, 0xfffe, 0xffff, 0xe000, 0xe0001, 0xe0041, 0xe007f, 0xe0100, 0x10ffff],
];

describe('visible text', () => {
  it('shows what a terminal obeys and what nobody sees as escapes', () => {
    for (const code of HARMFUL) {
      const text = `a${String.fromCodePoint(code)}b`;
      for (const shown of [visibleText(text), visibleLines(text)]) {
        expect(shown, code.toString(16)).toMatch(/^a\\(?:[nrt]|x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})b$/);
      }
      const json = visibleJson({ text });
      expect(json).toMatch(/^[\x20-\x7e]+$/);
      expect(JSON.parse(json)).toEqual({ text });
    }
    expect(visibleText('\x1b]0;title\x07\x9b2J\u202e\ud800\u{e0041}')).toBe(
      '\\x1b]0;title\\x07\\x9b2J\\u202e\\ud800\\u{e0041}',
    );
  });

  it('leaves what people write as it is', () => {
    const text = 'fc-12k: Größe, модель, 模型, ñ, 98.5 % · 1\u202f234 ✓ █▏ "\\"';
    expect(visibleText(text)).toBe(text);
    expect(visibleLines(`${text}\n${text}`)).toBe(`${text}\n${text}`);
    expect(visibleText('a\nb')).toBe('a\\nb');
  });

  it('keeps the layout of JSON', () => {
    expect(visibleJson({ a: ['\u009b', '\n'] }, 2)).toBe('{\n  "a": [\n    "\\u009b",\n    "\\n"\n  ]\n}');
  });
});
