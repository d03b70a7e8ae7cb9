import { describe, expect, it } from 'vitest';
import { ExporterError } from '../errors.js';
import { tokenize } from './tokenizer.js';

const kinds = (text: string) => tokenize(text).map(({ kind, text: word }) => (word === '' ? kind : `${kind}:${word}`));

describe('tokenize', () => {
  it('splits directives, tables, comments and strings', () => {
    expect(kinds('#define A_1 0x1F // one\n/* two\nlines */ const int8_t w[] = {-3};')).toEqual([
      'directive:define',
      'identifier:A_1',
      'number:0x1F',
      'end',
      'identifier:const',
      'identifier:int8_t',
      'identifier:w',
      'punctuation:[',
      'punctuation:]',
      'punctuation:=',
      'punctuation:{',
      'punctuation:-',
      'number:3',
      'punctuation:}',
      'punctuation:;',
      'end',
    ]);
    expect(tokenize('"a \\"b\\" \\\\"')[0]!.text).toBe('a "b" \\');
  });

  it('numbers lines through comments, continued lines and Windows line ends', () => {
    const tokens = tokenize('/*\n\n*/ a\r\nb \\\n c\n"d"');
    expect(tokens.slice(0, 4).map(({ text, line }) => [text, line])).toEqual([
      ['a', 3],
      ['b', 4],
      ['c', 5],
      ['d', 6],
    ]);
  });

  it('reads decimal and hexadecimal integers with suffixes', () => {
    expect(
      tokenize('0 7 0xff 12u 0X0FUL')
        .slice(0, -1)
        .map(({ value }) => value),
    ).toEqual([0, 7, 255, 12, 15]);
  });

  it.each([
    ['a\n/* b', 2],
    ['"a\nb"', 1],
    ['\n\n08', 3],
    ['1.5', 1],
    ['0x', 1],
    ['99999999999999999999', 1],
    ['a @ b', 1],
    ['# =', 1],
    ['a # b', 1],
  ])('refuses %j with its line', (text, line) => {
    expect(() => tokenize(text)).toThrow(ExporterError);
    try {
      tokenize(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'header-syntax', line });
    }
  });
});
