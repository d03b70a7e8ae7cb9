// What the configurations of a study came to, as a table.
import type { MeanAndDeviation } from '@bitnetmcu/studies';
import type { ConfigurationSummary } from '@bitnetmcu/studies/internal';
import { bytes } from './quantities.js';
import { type Column, renderTable } from './table.js';

/** Columns that no configuration fills are left out. */
export function studyTable(summaries: readonly ConfigurationSummary[]): string {
  const has = (test: (summary: ConfigurationSummary) => boolean) => summaries.some(test);
  const targets = summaries.find((summary) => summary.targets.length > 0)?.targets ?? [];
  const columns: (Column & { readonly cell: (summary: ConfigurationSummary) => string; readonly isShown: boolean })[] =
    [
      { title: 'configuration', cell: ({ label }) => label, isShown: true },
      { title: 'runs', align: 'right', cell: ({ finished }) => String(finished), isShown: true },
      {
        title: 'failed',
        align: 'right',
        cell: ({ failed }) => (failed ? String(failed) : ''),
        isShown: has((s) => s.failed > 0),
      },
      {
        title: 'validation',
        align: 'right',
        cell: (summary) => meanText(summary.validation, summary),
        isShown: has((s) => s.validation !== undefined),
      },
      {
        title: 'test',
        align: 'right',
        cell: (summary) => meanText(summary.test, summary),
        isShown: has((s) => s.test !== undefined),
      },
      {
        title: 'weights',
        align: 'right',
        cell: ({ weightBytes }) => (weightBytes === undefined ? '' : bytes(weightBytes)),
        isShown: has((s) => s.weightBytes !== undefined),
      },
      ...targets.map(({ target }, i) => ({
        title: target,
        align: 'right' as const,
        cell: (summary: ConfigurationSummary) => figuresText(summary.targets[i]),
        isShown: true,
      })),
    ];
  const shown = columns.filter(({ isShown }) => isShown);
  return renderTable(
    shown,
    summaries.map((summary) => shown.map(({ cell }) => cell(summary))),
  );
}

/** 98.91 ± 0.06 %; R² as it is; of a single run no deviation. */
function meanText(value: MeanAndDeviation | undefined, { isRegression }: ConfigurationSummary): string {
  if (value === undefined) return '';
  const [scale, places, unit] = isRegression ? [1, 3, ''] : [100, 2, ' %'];
  const show = (number: number) => (scale * number).toFixed(places);
  return `${show(value.mean)}${value.count > 1 ? ` ± ${show(value.deviation)}` : ''}${unit}`;
}

function figuresText(figures: ConfigurationSummary['targets'][number] | undefined): string {
  if (figures === undefined) return '';
  const sizes = `${bytes(figures.flashBytes)} flash, ${bytes(figures.ramBytes)} RAM`;
  return figures.milliseconds === undefined
    ? `too small (${sizes})`
    : `${Number(figures.milliseconds.toPrecision(3))} ms, ${sizes}`;
}
