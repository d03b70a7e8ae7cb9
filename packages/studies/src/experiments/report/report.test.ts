// Pages from results that are made up: what stands on them, and which results are refused.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reachesReported } from '../claims.js';
import type { Experiment } from '../experiment.js';
import { trainedHash, writeExperimentResults } from '../results.js';
import { curvePlot } from './curve-plot.js';
import { intervalPlot } from './interval-plot.js';
import { htmlPage, markdownPage } from './page.js';
import { readComparison } from './read-results.js';
import { reportFiles } from './report-files.js';

const experiment: Experiment = {
  name: 'made-up',
  question: 'Is <b> better | than a?',
  method: 'Both are made up.',
  studies: [
    {
      ...{ title: 'two', base: { epochs: 1 }, seeds: 3 },
      configurations: [
        { label: 'a' },
        { label: '|b|', config: { learningRate: 0.1 }, reported: { test: 98.4, active: 43.2 } },
      ],
    },
    { ...{ title: 'later', base: {}, seeds: 3 }, configurations: [{ label: 'c', reported: { test: 99 } }] },
  ],
  claims: [reachesReported({ label: '|b|' })],
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(tests: readonly (readonly number[])[], changed = false) {
  const [study] = experiment.studies;
  const configurations = study.configurations.map((one, i) => ({
    label: one.label,
    trained: changed ? 'what it was before' : trainedHash(experiment, study, one),
    runs: tests[i]!.map((test, k) => ({ seed: k + 1, figures: { test, weightBytes: 8688 } })),
    failed: [],
    targets: [{ target: 'ch32v003', fits: true, flashBytes: 9000, ramBytes: 1000, cycles: 61_050.4 }],
  }));
  writeExperimentResults(join(folder, 'made-up.json'), {
    ...{ experiment: 'made-up', command: 'a command', date: '2026-01-02T00:00:00Z', quick: false },
    ...{ machine: { cpu: 'a cpu', cores: 2, node: '20' }, versions: { studies: '0.1.0' }, trainingSeconds: 90 },
    studies: [{ title: 'two', configurations }],
  });
}

describe('the pages of experiments', () => {
  it('test nothing against the first where configurations are sizes', () => {
    write([
      [98, 98.2, 98.4],
      [98.7, 98.8, 98.9],
    ]);
    const [two, later] = experiment.studies;
    const sizes: Experiment = { ...experiment, studies: [{ ...two, baseline: 'none' }, later!] };
    const page = reportFiles([{ ...sizes, compared: readComparison(sizes, folder)! }]).get('made-up.md')!;
    expect(page).toContain('| \\|b\\| | 98.80 ± 0.10 | 98.40 | 98.55 to 99.05 |');
    expect(page).not.toContain('against the first |');
    expect(page).not.toContain('+0.60');
  });

  it('have figures beside what was reported, verdicts, costs and origin', () => {
    write([
      [98, 98.2, 98.4],
      [98.7, 98.8, 98.9],
    ]);
    const compared = readComparison(experiment, folder)!;
    const files = reportFiles([
      { ...experiment, compared },
      { name: 'other', question: 'Open?' },
    ]);
    expect([...files.keys()]).toEqual(['README.md', 'made-up.md', 'made-up.html', 'made-up-1.svg']);
    const page = files.get('made-up.md')!;
    // t of 2 degrees of freedom at 95 % is 4.3027: 98.8 ± 4.3027·0.1/√3. Differences 0.7, 0.6, 0.5: t = 6·√3, p = 1 − t/√(2 + t²).
    expect(page).toContain('| \\|b\\| | 98.80 ± 0.10 | 98.40 | 98.55 to 99.05 | +0.60, p = 0.0091 |');
    expect(page).toContain('| 61\u202f050 |');
    expect(page).toContain('- Confirmed: |b|: the reported'.replaceAll('|', '\\|'));
    expect(page).toMatch(/a command on 2026-01-02: a cpu, 2 cores/);
    expect(page).toMatch(/## later\n\nThese runs have not been made yet\.\n\n\| configuration \| reported, test % \|/);
    expect(page).toContain('Is \\<b\\> better');
    const html = files.get('made-up.html')!;
    expect(html).toContain('<p>Is &lt;b&gt; better | than a?</p>');
    expect(html).toContain(files.get('made-up-1.svg')!.trim());
    expect(html).not.toMatch(/(src|href)=/);
    expect(files.get('README.md')).toMatch(
      /\[made-up\]\(made-up\.md\).*1 confirmed \|\n\| other \| Open\? \| not run yet \|/,
    );
  });

  it('are not made from results of what the row was before, nor where there are none', () => {
    expect(readComparison(experiment, folder)).toBeUndefined();
    write([[98], [98]], true);
    expect(() => readComparison(experiment, folder)).toThrow(
      /"a", which trained something else than the experiment does now/,
    );
  });
});

it('draws every run where its value is', () => {
  const svg = intervalPlot({
    title: 't',
    axis: 'x',
    configurations: [{ label: 'a', runs: [1, 2, 3], mean: 2, interval: [1.5, 2.5] }],
  });
  // Those of the legend stand before them.
  const at = (radius: string) =>
    [...svg.matchAll(/cx="([\d.]+)" cy="[\d.]+" r="([\d.]+)"/g)].filter((m) => m[2] === radius).slice(1);
  const [one, two, three] = at('2.5').map((match) => Number(match[1]));
  expect(two! - one!).toBeCloseTo(three! - two!, 1);
  expect(Number(at('4')[0]![1])).toBe(two);
});

it('draws all of every interval, and all labels', () => {
  const plot = (label: string, reported?: number) =>
    intervalPlot({
      title: 't',
      axis: 'x',
      configurations: [{ label, runs: [2, 2.1], mean: 2.05, interval: [-20, 24], ...(reported && { reported }) }],
    });
  const [, from, to] = /x1="([\d.]+)" y1="60.0" x2="([\d.]+)" y2="60.0"/.exec(plot('a'))!;
  const [first, last] = [/text-anchor="middle">-20<\/text>/, /text-anchor="middle">30<\/text>/];
  expect(plot('a')).toMatch(first);
  expect(plot('a')).toMatch(last);
  expect(Number(from)).toBeGreaterThan(100);
  expect(Number(to)).toBeLessThan(732);
  // Right-aligned text begins within the picture where a character is 6.9 wide.
  const label = 'found: 105 Ternary, 105 4bitsym, 42 2bitsym, 10 8bit';
  const end = Number(/x="([\d.]+)" y="64.0" text-anchor="end"/.exec(plot(label))![1]);
  expect(end - 6.9 * label.length).toBeGreaterThan(0);
  expect(plot('a'.repeat(200))).toContain(`>${'a'.repeat(57)}…<`);
  expect([plot('a').includes('reported'), plot('a', 3).includes('reported')]).toEqual([false, true]);
});

it('draws losses by their logarithm where that is asked for', () => {
  const points = [0, 1, 2].map((i) => ({
    series: 'a',
    x: 100 * 2 ** i,
    mean: 0.4 / 2 ** i,
    interval: [-1, 1] as const,
  }));
  const svg = curvePlot({ title: 't', across: 'x', up: 'y', scale: 'logarithmic', points });
  const [one, two, three] = [...svg.matchAll(/cy="([\d.]+)" r="3"/g)].map((match) => Number(match[1]));
  expect((three! - two!) / (two! - one!)).toBeCloseTo(1, 2);
  // Intervals that reach below 0 end at the lowest mark.
  expect(svg).toMatch(/y1="388.0" x2="[\d.]+" y2="44.0" stroke="#0072b2"/);
});

it('draws sizes by their logarithm, losses as they are', () => {
  const points = [100, 200, 400].map((x, i) => ({ series: 'a', x, mean: 0.3 - 0.1 * i }));
  const svg = curvePlot({ title: 't', across: 'x', up: 'y', points });
  const dots = [...svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)" r="3"/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
  const steps = [0, 1].map((axis) => [dots[1]![axis]! - dots[0]![axis]!, dots[2]![axis]! - dots[1]![axis]!]);
  for (const [one, two] of steps) expect(two! / one!).toBeCloseTo(1, 2);
  // From 100 to 400 there are three marks of 1, 2, 5; finer ones end at the largest value.
  expect(svg).toContain('>400</text>');
  expect(svg).not.toContain('>500</text>');
});

it('closes what pages are made of', () => {
  const page = { title: 't', blocks: [{ kind: 'video' }] } as never;
  for (const render of [markdownPage, htmlPage]) expect(() => render(page)).toThrow(/block of a page/);
});
