import { describe, expect, it } from 'vitest';
import { frontPlot, type PlottedNetwork } from './front-plot.js';

const network = (cost: number, error: number): PlottedNetwork => ({ cost, error });
const circles = (svg: string) =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"/g)].map((match) => match.slice(1).map(Number));

describe('frontPlot', () => {
  const svg = frontPlot({
    title: 'digits <on> a part',
    cost: 'flash in bytes',
    front: [network(1000, 0.1), network(2000, 0.05), network(10_000, 0.01)],
    tried: [network(5000, 0.5)],
  });

  it('has a dot for every network, front and others, where its logarithms say', () => {
    // 1000 … 10 000 over 76 … 696; 0.01 … 0.5 from 368 up to 44.
    const x = (cost: number) => 76 + 620 * Math.log10(cost / 1000);
    const y = (error: number) => 368 - (324 * Math.log(error / 0.01)) / Math.log(50);
    const wanted = [
      [5000, 0.5, 2.5],
      [1000, 0.1, 4],
      [2000, 0.05, 4],
      [10_000, 0.01, 4],
    ].map(([cost, error, radius]) => [x(cost!), y(error!), radius]);
    const found = circles(svg).flat();
    for (const [i, value] of wanted.flat().entries()) expect(found[i]).toBeCloseTo(value!, 0);
    expect(circles(svg)).toHaveLength(4);
  });

  it('draws the front as stairs: two points for each step', () => {
    const [, points] = /<polyline[^>]* points="([^"]*)"/.exec(svg)!;
    expect(points!.split(' ')).toHaveLength(5);
  });

  it('says what the dots are, and that the least mark holds what is below it', () => {
    expect(svg).toMatch(/shown<.*\n.*tried, mostly shortly/);
    expect(svg).not.toContain('≤');
    const perfect = frontPlot({ title: '', cost: '', front: [network(1000, 0)], tried: [] });
    expect(perfect).toContain('≤0.05 %');
  });

  it('escapes what stands in it', () => {
    expect(svg).toContain('digits &lt;on&gt; a part');
    expect(frontPlot({ title: '\u001b[31m', cost: '', front: [], tried: [] })).not.toContain('\u001b');
  });

  it.each([
    [[]],
    [[network(100, 0)]],
    [[network(100, 0.2), network(100, 0.2)]],
    [[network(0, 1), network(Number.POSITIVE_INFINITY, 0.3)]],
  ])('is a picture without infinite numbers of %j', (front) => {
    const drawn = frontPlot({ title: 'x', cost: 'x', front, tried: [] });
    expect(drawn).not.toMatch(/NaN|Infinity/);
  });
});
