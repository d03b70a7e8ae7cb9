// What an experiment came to: a table a study, ours beside what was reported, and what became of each claim.
import type {
  Answer,
  Claim,
  ComparedConfiguration,
  ComparedExperiment,
  ComparedFigure,
  ComparedStudy,
  Verdict,
} from '@bitnetmcu/studies/internal';
import { type MeasureName, measureOf, shownMeasures } from '@bitnetmcu/studies/internal';
import type { Terminal } from '../terminal.js';
import { bytes, count } from './quantities.js';
import { renderTable } from './table.js';

type Colors = Terminal['colors'];

export function experimentText(
  { experiment, studies }: ComparedExperiment,
  claims: readonly (Claim & Answer)[],
  colors: Colors,
): string {
  const { bold } = colors;
  const sections = studies.map((study) => `${bold(study.study.title)}\n\n${studyTable(study)}`);
  const answers = claims.map(
    ({ said, verdict, because }) => `${verdictMark(verdict, colors)} ${verdict}: ${said}. ${because}`,
  );
  return [`${bold(experiment.name)}: ${experiment.question}`, ...sections, answers.join('\n')].join('\n\n');
}

/** Columns that no configuration fills are left out; what was reported stands behind ours, in brackets. */
function studyTable(study: ComparedStudy): string {
  const { configurations } = study;
  const measures = shownMeasures(study);
  const targets = configurations.find((one) => one.targets.length > 0)?.targets ?? [];
  return renderTable(
    [
      { title: 'configuration' },
      ...measures.map((name) => ({ title: titleOf(name), align: 'right' as const })),
      ...targets.map(({ target }) => ({ title: `${target} cycles`, align: 'right' as const })),
      { title: 'p', align: 'right' as const },
    ],
    configurations.map((one) => [
      one.label,
      ...measures.map((name) => figureText(name, one.figures[name], one)),
      ...targets.map((_, i) => (one.targets[i]?.cycles === undefined ? '' : count(one.targets[i].cycles))),
      one.against === undefined ? '' : one.against.corrected.toPrecision(2),
    ]),
  );
}

function titleOf(name: MeasureName): string {
  const { title, unit } = measureOf(name);
  return unit === '%' ? `${title} %` : title;
}

function figureText(
  name: MeasureName,
  figure: ComparedFigure | undefined,
  { reported }: ComparedConfiguration,
): string {
  const { digits, unit, reported: reportedOf } = measureOf(name);
  if (figure === undefined) return '';
  if (unit === 'bytes') return bytes(figure.mean);
  const said = reported && reportedOf?.(reported);
  const spread = figure.count > 1 ? ` ± ${figure.deviation.toFixed(digits)}` : '';
  return `${figure.mean.toFixed(digits)}${spread}${said === undefined ? '' : ` (${said.toFixed(digits)})`}`;
}

function verdictMark(verdict: Verdict, { green, red, yellow }: Colors): string {
  const marks: Readonly<Record<Verdict, string>> = {
    confirmed: green('✓'),
    improved: green('▲'),
    'not confirmed': red('✗'),
    open: yellow('?'),
  };
  return marks[verdict];
}
