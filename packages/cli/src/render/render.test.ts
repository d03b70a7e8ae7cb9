import { describe, expect, it } from 'vitest';
import { histogramLines } from './float-comparison.js';
import { drawPicture, pictureOf } from './picture.js';
import { bytes, count, duration, percent } from './quantities.js';
import { bar, scoreBars } from './score-bars.js';
import { createStyles, terminalText } from './styled-text.js';
import { renderTable, sideBySide } from './table.js';

describe('tables', () => {
  it('aligns columns by visible width, styles not counted', () => {
    const { bold } = createStyles(true);
    const table = renderTable(
      [{ title: 'layer' }, { title: 'bytes', align: 'right' }],
      [
        ['fc1', '8192'],
        [bold('fc10'), '64'],
      ],
    );
    expect(terminalText(table).split('\n')).toEqual([
      'layer  bytes',
      '─────  ─────',
      'fc1     8192',
      '\u001b[1mfc10\u001b[22m      64',
    ]);
  });

  it('sets blocks of different height beside each other', () => {
    expect(sideBySide(['ab', 'c'], ['1', '2', '3'], 1)).toBe('ab 1\nc  2\n   3');
  });
});

describe('histograms', () => {
  it('names the middle of each bin; a full bar for the fullest, a sliver for what is not empty, nothing for what is', () => {
    const lines = histogramLines({ from: -1.5, to: 1.5, counts: [1, 10_000, 0] });
    expect(lines).toEqual([`-1 ▏${' '.repeat(39)} 1`, ` 0 ${'█'.repeat(40)} 10 000`, ' 1']);
  });
});

describe('pictures', () => {
  it('are samples of one channel or more, and square feature vectors', () => {
    const values = Uint8Array.from({ length: 8 }, (_, i) => i);
    expect(pictureOf([2, 2, 2], values)).toEqual({ width: 2, height: 2, pixels: values.subarray(0, 4) });
    expect(pictureOf([4], values.subarray(0, 4))).toMatchObject({ width: 2, height: 2 });
    expect(pictureOf([8], values)).toBeUndefined();
  });

  it('of red, green and blue are as bright as an eye sees them, so that no colour vanishes on another', () => {
    // Red on yellow: the first channel alone has both at 255. Planes of red, green, blue.
    const picture = pictureOf([3, 1, 2], Uint8Array.of(255, 255, 0, 255, 0, 0))!;
    expect([...picture.pixels]).toEqual([76, 226]);
    // Weights add up to one: grey stays.
    expect([...pictureOf([3, 1, 1], Uint8Array.of(90, 90, 90))!.pixels]).toEqual([90]);
  });

  it('shades without color, two characters a pixel', () => {
    expect(drawPicture({ width: 3, height: 1, pixels: Uint8Array.of(0, 128, 255) }, false)).toEqual(['  ▒▒██']);
  });

  it('draws two pixel rows a line in color, small pictures doubled', () => {
    const lines = drawPicture({ width: 2, height: 2, pixels: Uint8Array.of(0, 255, 255, 0) }, true);
    expect(lines).toHaveLength(2);
    expect(terminalText(lines[0]!)).toBe(
      `${'\u001b[38;5;232;48;5;232m▀'.repeat(2)}${'\u001b[38;5;255;48;5;255m▀'.repeat(2)}\u001b[0m`,
    );
  });
});

describe('bars', () => {
  it('has eighths of a cell', () => {
    expect(bar(0, 4)).toBe('');
    expect(bar(1, 4)).toBe('████');
    expect(bar(17 / 32, 4)).toBe('██▏');
    expect(bar(7, 1)).toBe('█');
  });

  it('spans the lowest to the highest logit and marks the winner', () => {
    const lines = scoreBars(['a', 'b', 'c'], Int32Array.of(-10, 10, 0), 1, 2, (line) => `>${line}`);
    expect(lines).toEqual(['a -10 ', '>b  10 ██', 'c   0 █']);
  });
});

describe('quantities', () => {
  it('reads as people write', () => {
    expect(count(1234567)).toBe('1 234 567');
    expect(percent(0.99024)).toBe('99.02 %');
    expect(bytes(1128)).toBe('1 128 B');
    expect(bytes(12608)).toBe('12.3 kB');
    expect([duration(0.421), duration(12.34), duration(59.99), duration(125), duration(3720)]).toEqual([
      '0.42 s',
      '12.3 s',
      '1 min 00 s',
      '2 min 05 s',
      '1 h 02 min',
    ]);
  });
});
