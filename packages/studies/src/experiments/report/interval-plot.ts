// A study as a picture: a line a configuration with its runs as dots, its mean and confidence interval, and what was reported.
import { linearMarks, markText } from '../../plot/marks.js';
import { svgDocument, svgLine, svgText } from '../../plot/svg.js';

const WIDTH = 760;
const ROW = 24;
const TOP = 48;
const BOTTOM = 48;
const RIGHT = 28;
/** Of a character of the labels: of the widest of the usual fonts. */
const CHARACTER = 6.9;
/** Most of the place that labels get; longer ones end in an ellipsis. */
const LONGEST_LABEL = 58;
const SHORTEST_LABEL = 12;
const COLORS = { run: '#9aa5b8', mean: '#1f5fa8', baseline: '#c3cad6', reported: '#d1495b', grid: '#e3e6eb' } as const;
const TEXT = '#4a5568';

export interface PlottedConfiguration {
  readonly label: string;
  readonly runs: readonly number[];
  readonly mean?: number | undefined;
  readonly interval?: readonly [low: number, high: number] | undefined;
  readonly reported?: number | undefined;
}

export interface IntervalPlot {
  readonly title: string;
  /** What the axis says. */
  readonly axis: string;
  /** The first one is the baseline. */
  readonly configurations: readonly PlottedConfiguration[];
}

/** An SVG document; what has no runs is a label alone. */
export function intervalPlot({ title, axis, configurations }: IntervalPlot): string {
  const height = TOP + ROW * configurations.length + BOTTOM;
  const values = configurations.flatMap(({ runs, reported, interval = [] }) => [
    ...[...runs, ...interval],
    ...(reported === undefined ? [] : [reported]),
  ]);
  const marks = linearMarks(values);
  const [low, high] = [marks[0]!, marks.at(-1)!];
  const left = labelsWidth(configurations);
  const x = (value: number) => left + ((WIDTH - RIGHT - left) * (value - low)) / (high - low);
  const bottom = height - BOTTOM;
  const baseline = configurations[0]?.mean;
  return svgDocument({ width: WIDTH, height, title }, [
    svgText(16, 26, title, 'font-size="14" font-weight="600" fill="#1a202c"'),
    ...legend(configurations.some(({ reported }) => reported !== undefined)),
    ...marks.flatMap((value) => [
      svgLine([x(value), TOP - 8], [x(value), bottom], COLORS.grid),
      svgText(x(value), bottom + 18, markText(value, marks), 'text-anchor="middle"'),
    ]),
    svgText((left + WIDTH - RIGHT) / 2, height - 10, axis, 'text-anchor="middle"'),
    ...(baseline === undefined ? [] : [svgLine([x(baseline), TOP - 8], [x(baseline), bottom], COLORS.baseline)]),
    ...configurations.flatMap((one, i) => rowOf(one, TOP + ROW * i + ROW / 2, { left, x })),
  ]);
}

function labelsWidth(configurations: readonly PlottedConfiguration[]): number {
  const longest = Math.max(0, ...configurations.map(({ label }) => label.length));
  return Math.round(CHARACTER * Math.min(LONGEST_LABEL, Math.max(SHORTEST_LABEL, longest))) + 24;
}

function shortened(label: string): string {
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label;
}

/** What is drawn how, at the right of the title. */
function legend(hasReported: boolean): string[] {
  const y = 26;
  const right = WIDTH - RIGHT - (hasReported ? 92 : 0);
  const text = (x: number, content: string, color: string) =>
    svgText(x, y, content, `text-anchor="end" fill="${color}"`);
  return [
    dot([right - 190, y - 4], 2.5, COLORS.run),
    text(right - 162, 'run', TEXT),
    svgLine([right - 152, y - 4], [right - 132, y - 4], COLORS.mean, 2),
    dot([right - 142, y - 4], 4, COLORS.mean),
    text(right, 'mean, 95 % interval', COLORS.mean),
    ...(hasReported ? [...cross([WIDTH - RIGHT - 66, y - 4]), text(WIDTH - RIGHT, 'reported', COLORS.reported)] : []),
  ];
}

function rowOf(
  { label, runs, mean, interval, reported }: PlottedConfiguration,
  y: number,
  { left, x }: { readonly left: number; readonly x: (value: number) => number },
) {
  return [
    svgText(left - 12, y + 4, shortened(label), 'text-anchor="end" fill="#1a202c"'),
    ...(interval ? [svgLine([x(interval[0]), y], [x(interval[1]), y], COLORS.mean, 2)] : []),
    ...runs.map((value) => dot([x(value), y], 2.5, COLORS.run)),
    ...(mean === undefined ? [] : [dot([x(mean), y], 4, COLORS.mean)]),
    ...(reported === undefined ? [] : cross([x(reported), y])),
  ];
}

function dot([x, y]: readonly [number, number], radius: number, color: string): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${color}"/>`;
}

function cross([x, y]: readonly [number, number]): string[] {
  return [
    svgLine([x - 4, y - 4], [x + 4, y + 4], COLORS.reported, 2),
    svgLine([x - 4, y + 4], [x + 4, y - 4], COLORS.reported, 2),
  ];
}
