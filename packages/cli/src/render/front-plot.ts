// The front of a search as an SVG picture: error over what a network takes, both logarithmic; what was tried pale behind it.
import { logarithmicMarks, svgDocument, svgLine, svgText } from '@bitnetmcu/studies/internal';

const WIDTH = 720;
const HEIGHT = 420;
const MARGIN = { left: 76, right: 24, top: 44, bottom: 52 };
const COLORS = { tried: '#c3cad6', front: '#d1495b', grid: '#e3e6eb' } as const;
/** Errors below this are drawn at it: a logarithmic axis has no zero. */
const SMALLEST_ERROR = 0.0005;

/** A network: what it takes, in the unit of the axis, and its error, 0 … 1. */
export interface PlottedNetwork {
  readonly cost: number;
  readonly error: number;
}

export interface FrontPlot {
  readonly title: string;
  /** What the axis below says, such as `flash in bytes`. */
  readonly cost: string;
  readonly front: readonly PlottedNetwork[];
  /** What else was trained. */
  readonly tried: readonly PlottedNetwork[];
}

/** An SVG document. */
export function frontPlot({ title, cost, front: given, tried: others }: FrontPlot): string {
  const [front, tried] = [given.filter(canBeDrawn), others.filter(canBeDrawn)];
  const all = [...front, ...tried];
  const x = axis(
    all.map((network) => network.cost),
    [MARGIN.left, WIDTH - MARGIN.right],
  );
  const y = axis(all.map(errorOf), [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const dot = (network: PlottedNetwork, radius: number, color: string) =>
    `<circle cx="${x.at(network.cost).toFixed(1)}" cy="${y.at(errorOf(network)).toFixed(1)}" r="${radius}" fill="${color}"/>`;
  const vertical = x.marks.flatMap((value) => [
    svgLine([x.at(value), MARGIN.top], [x.at(value), HEIGHT - MARGIN.bottom], COLORS.grid),
    svgText(x.at(value), HEIGHT - MARGIN.bottom + 18, String(value), 'text-anchor="middle"'),
  ]);
  const horizontal = y.marks.flatMap((value) => [
    svgLine([MARGIN.left, y.at(value)], [WIDTH - MARGIN.right, y.at(value)], COLORS.grid),
    svgText(MARGIN.left - 8, y.at(value) + 4, errorMark(value), 'text-anchor="end"'),
  ]);
  return svgDocument({ width: WIDTH, height: HEIGHT, title }, [
    svgText(MARGIN.left, 26, title, 'font-size="14" font-weight="600" fill="#1a202c"'),
    svgText(WIDTH - MARGIN.right, 26, 'shown', `text-anchor="end" fill="${COLORS.front}"`),
    svgText(WIDTH - MARGIN.right - 44, 26, 'tried, mostly shortly or on fewer held-out samples', 'text-anchor="end"'),
    ...vertical,
    ...horizontal,
    svgText((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 12, cost, 'text-anchor="middle"'),
    svgText(
      14,
      HEIGHT / 2,
      'error on held-out samples',
      `text-anchor="middle" transform="rotate(-90 14 ${HEIGHT / 2})"`,
    ),
    ...tried.map((network) => dot(network, 2.5, COLORS.tried)),
    stairs(front, (network) => [x.at(network.cost), y.at(errorOf(network))]),
    ...front.map((network) => dot(network, 4, COLORS.front)),
  ]);
}

/** A logarithmic axis has neither 0 nor what is infinite. */
function canBeDrawn({ cost, error }: PlottedNetwork): boolean {
  return cost > 0 && Number.isFinite(cost) && Number.isFinite(error);
}

function errorOf({ error }: PlottedNetwork): number {
  return Math.max(error, SMALLEST_ERROR);
}

/** The least mark holds all errors below it, too. */
function errorMark(value: number): string {
  const percent = `${Number((100 * value).toPrecision(2))} %`;
  return value <= SMALLEST_ERROR ? `≤${percent}` : percent;
}

interface Axis {
  /** Values that get a line and a number. */
  readonly marks: readonly number[];
  at(value: number): number;
}

/** From a round number that is not above the values to one that is not below them. */
function axis(values: readonly number[], [from, to]: readonly [number, number]): Axis {
  const marks = logarithmicMarks(values);
  const [low, high] = [marks[0]!, marks.at(-1)!];
  return { marks, at: (value) => from + ((to - from) * Math.log(value / low)) / Math.log(high / low) };
}

/** What is the least error for so much at most. */
function stairs(front: readonly PlottedNetwork[], at: (network: PlottedNetwork) => readonly [number, number]): string {
  const best: PlottedNetwork[] = [];
  for (const network of [...front].sort((a, b) => a.cost - b.cost || a.error - b.error))
    if (best.length === 0 || network.error < best.at(-1)!.error) best.push(network);
  const points = best.flatMap((network, i) => {
    const [x, y] = at(network);
    const before = i === 0 ? [] : [[x, at(best[i - 1]!)[1]]];
    return [...before, [x, y]].map((pair) => pair.map((value) => value!.toFixed(1)).join(','));
  });
  return `<polyline fill="none" stroke="${COLORS.front}" stroke-width="1.5" points="${points.join(' ')}"/>`;
}
