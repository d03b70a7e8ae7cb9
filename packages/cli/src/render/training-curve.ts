// The course of a training run as an SVG picture: error of training and validation over the epochs, logarithmic.
import type { Task } from '@bitnetmcu/models/internal';
import { xmlText } from '@bitnetmcu/models/internal';
import type { EpochMetrics } from '@bitnetmcu/trainer';

const WIDTH = 720;
const HEIGHT = 360;
const MARGIN = { left: 64, right: 16, top: 40, bottom: 44 };
const COLORS = { training: '#7a8ba6', validation: '#d1495b' } as const;

/** Errors below this are drawn at it: a logarithmic axis has no zero. */
const SMALLEST_ERROR = 0.001;

const asPercent = (error: number): string => `${Number((error * 100).toPrecision(2))} %`;
const asNumber = (error: number): string => String(Number(error.toPrecision(2)));

/** What is drawn: 1 less what the task is judged by. */
const AXES: Readonly<Record<Task, { readonly name: string; readonly tick: (error: number) => string }>> = {
  classification: { name: 'wrong answers', tick: asPercent },
  regression: { name: '1 − R²', tick: asNumber },
  anomaly: { name: 'variance not reconstructed', tick: asPercent },
  multiLabel: { name: 'samples with a wrong label', tick: asPercent },
};

/** The least of 1, 2, 5, 10, 20, … that is as large. */
function roundStride(least: number): number {
  const decade = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * decade).find((stride) => stride >= least)!;
}

/** An SVG document; `title` is shown above the curves, with what they are. */
export function trainingCurve(history: readonly EpochMetrics[], title: string, task: Task = 'classification'): string {
  const axis = AXES[task];
  const series = [
    { name: 'training', color: COLORS.training, errors: history.map(({ train }) => 1 - train.accuracy) },
    {
      name: 'validation',
      color: COLORS.validation,
      errors: history.flatMap(({ validation }) => (validation === undefined ? [] : [1 - validation.accuracy])),
    },
  ].filter(({ errors }) => errors.length > 0);
  const all = series.flatMap(({ errors }) => errors.map((error) => Math.max(error, SMALLEST_ERROR)));
  const [low, high] = [10 ** Math.floor(Math.log10(Math.min(...all))), 10 ** Math.ceil(Math.log10(Math.max(...all)))];
  const plotWidth = WIDTH - MARGIN.left - MARGIN.right;
  const plotHeight = HEIGHT - MARGIN.top - MARGIN.bottom;
  const x = (epoch: number): number => MARGIN.left + (plotWidth * epoch) / Math.max(1, history.length - 1);
  const y = (error: number): number =>
    MARGIN.top + plotHeight * (1 - Math.log(Math.max(error, low) / low) / Math.log(high / low));
  const text = (left: number, top: number, content: string, attributes = ''): string =>
    `<text x="${left.toFixed(1)}" y="${top.toFixed(1)}" ${attributes}>${xmlText(content)}</text>`;

  const isCut = series.some(({ errors }) => errors.some((error) => error < low));
  const grid: string[] = [];
  for (let decade = low; decade <= high * 1.0001; decade *= 10) {
    for (const factor of [1, 2, 5]) {
      const error = decade * factor;
      if (error > high * 1.0001) continue;
      grid.push(
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(error).toFixed(1)}" y2="${y(error).toFixed(1)}" stroke="#e3e6eb"/>`,
      );
      grid.push(
        text(
          MARGIN.left - 8,
          y(error) + 4,
          `${isCut && error === low ? '≤ ' : ''}${axis.tick(error)}`,
          'text-anchor="end"',
        ),
      );
    }
  }
  const stride = roundStride(history.length / 12);
  const epochs = history
    .map((_, i) => i)
    .filter((i) => (i + 1) % stride === 0 || i === 0)
    .map((i) => text(x(i), HEIGHT - MARGIN.bottom + 18, String(i + 1), 'text-anchor="middle"'));
  const curves = series.map(({ color, errors }) => {
    const points = errors.map((error, i) => `${x(i).toFixed(1)},${y(error).toFixed(1)}`).join(' ');
    return `<polyline fill="none" stroke="${color}" stroke-width="2" points="${points}"/>`;
  });
  const legend = series.map(({ name, color }, i) =>
    text(
      WIDTH - MARGIN.right - 90 * (series.length - i) + 90,
      24,
      name,
      `text-anchor="end" fill="${color}" font-weight="600"`,
    ),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#4a5568">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(MARGIN.left, 24, `${title}: ${axis.name}`, 'font-size="14" font-weight="600" fill="#1a202c"'),
    ...grid,
    ...epochs,
    text(MARGIN.left + plotWidth / 2, HEIGHT - 8, 'epoch', 'text-anchor="middle"'),
    ...curves,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}
