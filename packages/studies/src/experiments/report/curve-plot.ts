// A study of sizes as a picture: a line a series, over what the networks take, with the interval of every mean.
import { linearMarks, logarithmicMarks, markText } from '../../plot/marks.js';
import { svgDocument, svgLine, svgText } from '../../plot/svg.js';

const WIDTH = 760;
const HEIGHT = 440;
const MARGIN = { left: 64, right: 110, top: 44, bottom: 52 };
const GRID = '#e3e6eb';
/** As Okabe and Ito have them: told apart by everybody. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#444444', '#8b6914'] as const;

export interface CurvePoint {
  readonly series: string;
  /** Above 0. */
  readonly x: number;
  readonly mean: number;
  readonly interval?: readonly [low: number, high: number] | undefined;
}

export interface CurvePlot {
  readonly title: string;
  readonly across: string;
  readonly up: string;
  /** Of the axis at the left; default linear. A logarithmic one takes means above 0, and ends intervals that reach farther down. */
  readonly scale?: 'linear' | 'logarithmic';
  readonly points: readonly CurvePoint[];
}

/** An SVG document; the axis below is logarithmic. */
export function curvePlot({ title, across, up, scale = 'linear', points }: CurvePlot): string {
  const xs = logarithmicMarks(points.map(({ x }) => x));
  const [bottom, right] = [HEIGHT - MARGIN.bottom, WIDTH - MARGIN.right];
  const x = (value: number) =>
    MARGIN.left + ((right - MARGIN.left) * Math.log(value / xs[0]!)) / Math.log(xs.at(-1)! / xs[0]!);
  const { marks: ys, share, textOf } = scale === 'linear' ? linearAxis(points) : logarithmicAxis(points);
  const y = (value: number) => bottom - (bottom - MARGIN.top) * share(value);
  const names = [...new Set(points.map(({ series }) => series))];
  return svgDocument({ width: WIDTH, height: HEIGHT, title }, [
    svgText(MARGIN.left, 26, title, 'font-size="14" font-weight="600" fill="#1a202c"'),
    ...xs.flatMap((mark) => [
      svgLine([x(mark), MARGIN.top], [x(mark), bottom], GRID),
      svgText(x(mark), bottom + 18, grouped(mark), 'text-anchor="middle"'),
    ]),
    ...ys.flatMap((mark) => [
      svgLine([MARGIN.left, y(mark)], [right, y(mark)], GRID),
      svgText(MARGIN.left - 8, y(mark) + 4, textOf(mark), 'text-anchor="end"'),
    ]),
    svgText((MARGIN.left + right) / 2, HEIGHT - 12, across, 'text-anchor="middle"'),
    svgText(16, HEIGHT / 2, up, `text-anchor="middle" transform="rotate(-90 16 ${HEIGHT / 2})"`),
    ...names.flatMap((name, i) => {
      const color = COLORS[i % COLORS.length]!;
      const own = points.filter(({ series }) => series === name).sort((a, b) => a.x - b.x);
      const line = own.map((point) => `${x(point.x).toFixed(1)},${y(point.mean).toFixed(1)}`).join(' ');
      return [
        `<polyline fill="none" stroke="${color}" stroke-width="1.5" points="${line}"/>`,
        ...own.flatMap((point) => [
          ...(point.interval
            ? [svgLine([x(point.x), y(point.interval[0])], [x(point.x), y(point.interval[1])], color)]
            : []),
          `<circle cx="${x(point.x).toFixed(1)}" cy="${y(point.mean).toFixed(1)}" r="3" fill="${color}"/>`,
        ]),
        svgLine([right + 10, MARGIN.top + 18 * i], [right + 24, MARGIN.top + 18 * i], color, 2),
        svgText(right + 30, MARGIN.top + 18 * i + 4, name, ''),
      ];
    }),
  ]);
}

interface Axis {
  readonly marks: readonly number[];
  /** 0 at the first mark, 1 at the last. */
  share(value: number): number;
  textOf(mark: number): string;
}

function linearAxis(points: readonly CurvePoint[]): Axis {
  const marks = linearMarks(points.flatMap(({ mean, interval }) => [mean, ...(interval ?? [])]));
  const [low, high] = [marks[0]!, marks.at(-1)!];
  return { marks, share: (value) => (value - low) / (high - low), textOf: (mark) => markText(mark, marks) };
}

function logarithmicAxis(points: readonly CurvePoint[]): Axis {
  const marks = logarithmicMarks(points.flatMap(({ mean, interval }) => (interval ? [mean, interval[1]] : [mean])));
  const [low, high] = [marks[0]!, marks.at(-1)!];
  const share = (value: number) => Math.log(Math.max(value, low) / low) / Math.log(high / low);
  return { marks, share, textOf: String };
}

/** Thousands apart, as in the tables. */
function grouped(mark: number): string {
  return String(mark).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
