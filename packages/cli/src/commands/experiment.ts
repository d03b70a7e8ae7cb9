// `bitnetmcu experiment`: the research plan, each row of which runs from one command.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { visibleText } from '@bitnetmcu/models/internal';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { createLocalPool, openRecords, type Runner, type RunRecords } from '@bitnetmcu/studies';
import {
  compareExperiment,
  EXPERIMENTS,
  type Experiment,
  type ExperimentOutcome,
  findExperiment,
  plannedRuns,
  readComparison,
  reportFiles,
  runExperiment,
  writeExperimentResults,
  writeQuickData,
} from '@bitnetmcu/studies/internal';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT_CODES, type ExitCode } from '../exit-codes.js';
import { wholeNumber } from '../inputs/whole-number.js';
import { withInterrupt } from '../interrupt.js';
import { experimentText } from '../render/experiment-text.js';
import { count, percent } from '../render/quantities.js';
import { shellPath, shellWord } from '../render/shell-word.js';
import { StudyProgress } from '../render/study-progress.js';
import { renderTable } from '../render/table.js';

interface RunFlags {
  readonly seeds?: string;
  readonly quick?: boolean;
  readonly jobs?: string;
  readonly output: string;
  readonly retryFailed?: boolean;
  readonly measureAgain?: boolean;
}

interface ReportFlags {
  readonly results: string;
  readonly output: string;
}

/** What the runs of one call have in common. */
interface Means {
  readonly records: RunRecords;
  readonly runner: Runner;
  readonly folder: string;
  readonly command: string;
  readonly given: RunFlags;
}

const FOLDER = 'experiments';

export function experimentCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand(
    'experiment',
    'The research plan: ideas about low-bit networks, each a study with its figures.',
  );
  command.addCommand(
    newCommand('list', 'Lists the experiments: what each asks, and how many runs it is.').action(() => list()),
  );
  command.addCommand(
    newCommand('run', 'Makes the runs of experiments and compares them with what was reported.')
      .argument('<names...>', 'experiments as `list` shows them, or all')
      .option('--seeds <number>', "seeds of each configuration (default: each study's own, 3 or 5)")
      .option('--quick', 'whether everything runs: few samples, two epochs, one seed')
      .option('--jobs <number>', 'runs at a time, each on one core (default: the number of cores)')
      .option('-o, --output <folder>', 'where records and results go', FOLDER)
      .option('--retry-failed', 'make runs again that failed before')
      .option('--measure-again', 'measure flash, RAM and cycles once more, also of runs of this version that are there')
      .addHelpText(
        'after',
        `
Runs are kept: those that are in the folder are not made again, whichever experiment made them. Ctrl-C loses nothing: the same command goes on.

Examples
  bitnetmcu experiment run schedule
  bitnetmcu experiment run all --quick`,
      )
      .action(async (names: string[], given: RunFlags) => setExitCode(await run(names, given))),
  );
  command.addCommand(
    newCommand('report', 'Writes a page for each experiment that was run, as Markdown and HTML, and an index.')
      .option('--results <folder>', 'what `run` wrote', FOLDER)
      .option('-o, --output <folder>', 'where the pages go', join('docs', 'research'))
      .action((given: ReportFlags) => pages(given)),
  );
  return command;

  function pages({ results, output }: ReportFlags): void {
    if (!existsSync(results)) {
      throw new CliError(
        'bad-file',
        `There is no folder ${visibleText(results)}: results of \`bitnetmcu experiment run\` wanted. Run an experiment, or name the folder (--results).`,
      );
    }
    const experiments = EXPERIMENTS.map((experiment) => {
      const compared = readComparison(experiment, results);
      return { ...experiment, ...(compared && { compared }) };
    });
    if (experiments.every(({ compared }) => compared === undefined)) {
      throw new CliError(
        'bad-file',
        `No results of an experiment in ${visibleText(results)} (<name>.json): run one, or name their folder (--results). Those of --quick are in its folder quick, and stand for nothing.`,
      );
    }
    const files = reportFiles(experiments);
    mkdirSync(output, { recursive: true });
    for (const [name, text] of files) writeFileAtomic(join(output, name), text);
    const done = experiments.filter(({ compared }) => compared).map(({ name }) => name);
    terminal.printJson({ folder: output, experiments: done, files: [...files.keys()] });
    terminal.print(
      `${count(done.length)} of ${count(experiments.length)} experiments: ${visibleText(join(output, 'README.md'))}`,
    );
  }

  function list(): void {
    const rows = EXPERIMENTS.map((experiment) => ({ ...experiment, runs: plannedRuns(experiment, {}) }));
    terminal.printJson({
      experiments: rows.map(({ name, question, method, runs, studies }) => ({
        ...{ name, question, method, runs },
        studies: studies.map(({ title, configurations, seeds }) => ({
          ...{ title, seeds, configurations: configurations.map(({ label }) => label) },
        })),
      })),
    });
    terminal.print(
      renderTable(
        [{ title: 'experiment' }, { title: 'runs', align: 'right' }, { title: 'question' }],
        rows.map(({ name, runs, question }) => [name, count(runs), question]),
      ),
    );
  }

  async function run(names: readonly string[], given: RunFlags): Promise<ExitCode> {
    const chosen = names.includes('all') ? EXPERIMENTS : [...new Set(names)].map(findExperiment);
    const [jobs, seeds] = [wholeNumber('--jobs', given.jobs), wholeNumber('--seeds', given.seeds)];
    const folder = given.quick ? join(given.output, 'quick') : given.output;
    const command = commandOf(names, given);
    mkdirSync(folder, { recursive: true });
    const records = openRecords(join(folder, 'records'));
    const runner = createLocalPool({ ...(jobs !== undefined && { processes: jobs }) });
    try {
      const means = { records, runner, folder, command, given };
      const planned = chosen.reduce((sum, one) => sum + plannedRuns(one, { seeds, quick: given.quick === true }), 0);
      terminal.note(
        terminal.colors.dim(
          `${count(planned)} runs of ${chosen.length === 1 ? chosen[0]!.name : `${chosen.length} experiments`}, ${runner.parallel} at a time, into ${visibleText(folder)}; Ctrl-C keeps them and stops`,
        ),
      );
      const outcomes = await withInterrupt(terminal, 'Keeping what was done … (Ctrl-C again quits at once)', (signal) =>
        runAll(chosen, means, { signal, seeds, progress: new StudyProgress(terminal, planned) }),
      );
      terminal.clearStatus();
      return report(outcomes, { command, folder });
    } finally {
      await runner.close();
      records.close();
    }
  }

  async function runAll(
    chosen: readonly Experiment[],
    { records, runner, folder, command, given }: Means,
    { signal, seeds, progress }: { signal: AbortSignal; seeds: number | undefined; progress: StudyProgress },
  ): Promise<Outcome[]> {
    const quick = given.quick ? await writeQuickData(join(folder, 'data')) : undefined;
    const outcomes: Outcome[] = [];
    for (const experiment of chosen) {
      if (signal.aborted) break;
      const outcome = await runExperiment(experiment, {
        ...{ records, runner, folder, command, seeds, quick, signal },
        retryFailed: given.retryFailed === true,
        measureAgain: given.measureAgain === true,
        onTeacher: (name, { done }) => terminal.status(`teacher ${visibleText(name)}: ${percent(done)}`),
        onStart: (one) => progress.started(one),
        onProgress: (one, value) => progress.progress(one, value),
        onEnd: (one) => progress.ended(one),
        onMeasured: (done, all) => terminal.status(`measured again: ${count(done)} of ${count(all)} runs`),
      });
      const path = join(folder, `${experiment.name}.json`);
      if (outcome.results.studies.length > 0) writeExperimentResults(path, outcome.results);
      outcomes.push({ experiment, outcome, path });
    }
    return outcomes;
  }

  function report(outcomes: readonly Outcome[], { command, folder }: Pick<Means, 'command' | 'folder'>): ExitCode {
    const finished = outcomes.filter(({ outcome }) => outcome.status === 'finished');
    const compared = finished.map(({ experiment, outcome, path }) => {
      const comparison = compareExperiment(experiment, { version: 1, ...outcome.results });
      return {
        ...outcome,
        path,
        comparison,
        claims: experiment.claims.map((one) => ({ ...one, ...one.judge(comparison) })),
      };
    });
    const failed = outcomes.reduce((sum, { outcome }) => sum + outcome.failed, 0);
    const interrupted = terminal.interruptedBy !== undefined;
    terminal.printJson({
      status: interrupted ? 'interrupted' : 'finished',
      ...{ folder, failed },
      experiments: compared.map(({ results, path, claims }) => ({
        ...{ name: results.experiment, path },
        claims: claims.map(({ said, verdict, because }) => ({ said, verdict, because })),
        studies: results.studies,
      })),
      ...(interrupted && { resume: command }),
    });
    for (const { comparison, claims } of compared) terminal.print(experimentText(comparison, claims, terminal.colors));
    for (const { path } of compared) terminal.note(`Results: ${visibleText(path)}`);
    if (interrupted) {
      terminal.note(`Stopped; everything is kept. Go on with\n  ${command}`);
      return EXIT_CODES.interrupted;
    }
    if (failed === 0) return EXIT_CODES.ok;
    terminal.note(`${count(failed)} runs failed. Make them again with\n  ${command} --retry-failed`);
    return EXIT_CODES.checkFailed;
  }
}

interface Outcome {
  readonly experiment: Experiment;
  readonly outcome: ExperimentOutcome;
  readonly path: string;
}

/** As it is to be typed once more. */
function commandOf(names: readonly string[], { seeds, quick, jobs, measureAgain, output }: RunFlags): string {
  const flags = [
    ...(seeds === undefined ? [] : [`--seeds ${shellWord(seeds)}`]),
    ...(quick ? ['--quick'] : []),
    ...(jobs === undefined ? [] : [`--jobs ${shellWord(jobs)}`]),
    ...(measureAgain ? ['--measure-again'] : []),
    ...(output === FOLDER ? [] : [`--output ${shellPath(output)}`]),
  ];
  return ['bitnetmcu experiment run', ...names.map((name) => shellWord(name)), ...flags].join(' ');
}
