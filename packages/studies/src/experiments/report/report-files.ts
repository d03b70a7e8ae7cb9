// All pages of the experiments whose results are there, as files: Markdown and HTML a page, pictures, and an index.
import type { ComparedExperiment } from '../comparisons.js';
import { experimentPage } from './experiment-page.js';
import { type Block, htmlPage, markdownPage } from './page.js';

export interface ReportedExperiment {
  readonly name: string;
  readonly question: string;
  readonly compared?: ComparedExperiment | undefined;
  /** What was measured besides the runs. */
  readonly measured?: readonly Block[] | undefined;
}

/**
 * Texts by file name.
 * @param experiments in the order of the index; those without results are listed as open
 */
export function reportFiles(experiments: readonly ReportedExperiment[]): Map<string, string> {
  const files = new Map<string, string>([['README.md', indexPage(experiments)]]);
  for (const { name, compared, measured } of experiments) {
    if (compared === undefined) continue;
    const page = experimentPage(compared, measured);
    files.set(`${name}.md`, markdownPage(page));
    files.set(`${name}.html`, htmlPage(page));
    for (const block of page.blocks) if (block.kind === 'figure') files.set(block.file, block.svg);
  }
  return files;
}

function indexPage(experiments: readonly ReportedExperiment[]): string {
  const rows = experiments.map(({ name, question, compared }) => {
    const title = compared ? `[${name}](${name}.md)` : name;
    return `| ${title} | ${question} | ${compared ? verdicts(compared) : 'not run yet'} |`;
  });
  return [
    '# Research plan',
    'Ideas about low-bit networks, each a study that one command runs: `bitnetmcu experiment run <name>`. What was reported elsewhere stands beside what these runs say; a negative result is a result. ' +
      'These pages are made from `packages/studies/bench/results/experiments` by `node scripts/docs-tables.mjs`; how an experiment is added tells [CONTRIBUTING.md](../../CONTRIBUTING.md).',
    ['| experiment | question | claims |', '| --- | --- | --- |', ...rows].join('\n'),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

/** 2 confirmed, 1 not confirmed, … */
function verdicts(compared: ComparedExperiment): string {
  const counts = new Map<string, number>();
  for (const claim of compared.experiment.claims) {
    const { verdict } = claim.judge(compared);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return [...counts].map(([verdict, times]) => `${times} ${verdict}`).join(', ');
}
