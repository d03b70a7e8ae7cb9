// A study as a picture: a line a configuration with its runs as dots, its mean and confidence interval, and what was reported.
import { linearMarks, markText } from '../../plot/marks.js';
import { svgDocument, svgLine, svgText } from '../../plot/svg.js';

const WIDTH = 760;
const ROW = 24;
const TOP = 48;
const BOTTOM = 48;
const LABELS = 300;
const RIGHT = 28;
const COLORS = { run: '#9aa5b8', mean: '#1f5fa8', baseline: '#c3cad6', reported: '#d1495b', grid: '#e3e6eb' } as const;

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
  const values = configurations.flatMap(({ runs, reported }) => [
    ...runs,
    ...(reported === undefined ? [] : [reported]),
  ]);
  const marks = linearMarks(values);
  const [low, high] = [marks[0]!, marks.at(-1)!];
  const x = (value: number) =>
    LABELS + ((WIDTH - RIGHT - LABELS) * (Math.min(high, Math.max(low, value)) - low)) / (high - low);
  const bottom = height - BOTTOM;
  const baseline = configurations[0]?.mean;
  return svgDocument({ width: WIDTH, height, title }, [
    svgText(16, 26, title, 'font-size="14" font-weight="600" fill="#1a202c"'),
    svgText(WIDTH - RIGHT, 26, 'reported', `text-anchor="end" fill="${COLORS.reported}"`),
    svgText(WIDTH - RIGHT - 62, 26, 'mean, 95 % interval', `text-anchor="end" fill="${COLORS.mean}"`),
    ...marks.flatMap((value) => [
      svgLine([x(value), TOP - 8], [x(value), bottom], COLORS.grid),
      svgText(x(value), bottom + 18, markText(value, marks), 'text-anchor="middle"'),
    ]),
    svgText((LABELS + WIDTH - RIGHT) / 2, height - 10, axis, 'text-anchor="middle"'),
    ...(baseline === undefined ? [] : [svgLine([x(baseline), TOP - 8], [x(baseline), bottom], COLORS.baseline)]),
    ...configurations.flatMap((one, i) => rowOf(one, TOP + ROW * i + ROW / 2, x)),
  ]);
}

function rowOf(
  { label, runs, mean, interval, reported }: PlottedConfiguration,
  y: number,
  x: (value: number) => number,
) {
  const dot = (value: number, radius: number, color: string) =>
    `<circle cx="${x(value).toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${color}"/>`;
  const cross = (value: number) => {
    const at = x(value);
    return [
      svgLine([at - 4, y - 4], [at + 4, y + 4], COLORS.reported, 2),
      svgLine([at - 4, y + 4], [at + 4, y - 4], COLORS.reported, 2),
    ];
  };
  return [
    svgText(LABELS - 12, y + 4, label, 'text-anchor="end" fill="#1a202c"'),
    ...(interval ? [svgLine([x(interval[0]), y], [x(interval[1]), y], COLORS.mean, 2)] : []),
    ...runs.map((value) => dot(value, 2.5, COLORS.run)),
    ...(mean === undefined ? [] : [dot(mean, 4, COLORS.mean)]),
    ...(reported === undefined ? [] : cross(reported)),
  ];
}
