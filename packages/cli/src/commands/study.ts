// `bitnetmcu study`: many runs from one file, and how far they are.
import { join } from 'node:path';
import { visibleText } from '@bitnetmcu/models/internal';
import {
  type EndedStudyRun,
  openRecords,
  type RunRecords,
  readRecords,
  runStudy,
  type SampledStudy,
  type Study,
  type StudyError,
  type StudyResult,
} from '@bitnetmcu/studies';
import { bestRuns, type QueueStatus, readQueue, readStudyLogs, summarizeRuns } from '@bitnetmcu/studies/internal';
import { type CommandContext, newCommand } from '../command.js';
import { readStudyFile } from '../config/study-file.js';
import { EXIT_CODES, type ExitCode } from '../exit-codes.js';
import { onlyStudy, STUDIES } from '../inputs/only-study.js';
import { REDIS_HELP, redisFlag } from '../inputs/queue-flags.js';
import { type ChosenRunner, chosenRunner, type RunnerFlags, runnerFlags } from '../inputs/runner.js';
import { withInterrupt } from '../interrupt.js';
import { count } from '../render/quantities.js';
import { queueText } from '../render/queue-text.js';
import { shellPath } from '../render/shell-word.js';
import { StudyProgress } from '../render/study-progress.js';
import { studyTable } from '../render/study-table.js';

interface StatusFlags {
  readonly redis?: string | true;
}

/** How a study was started. */
interface RunAs {
  readonly command: string;
  readonly planned: number;
  readonly retryFailed: boolean;
}

interface RunFlags extends RunnerFlags {
  readonly output?: string;
  readonly retryFailed?: boolean;
}

const HELP = `
A study is a file: what its runs have in common, what each configuration changes, and the seeds
  name: learning-rates
  base: { network: fc-1k, epochs: 10 }        # as a configuration of train
  configurations:
    - { name: slow, config: { learningRate: 1e-3 } }
    - { name: fast, config: { learningRate: 4e-3 } }
  seeds: 5                                    # 1 to 5; or a list
  targets: [ch32v003]                         # parts of which flash, RAM and time are wanted
  test: false                                 # whether the test part is looked at

In place of configurations and seeds a sampler (random, asha, nsga2) chooses runs from a space, by path into the configuration
  sampler: { kind: asha, runs: 60, objectives: [error] }
  space:
    learningRate: { min: 1.0e-4, max: 1.0e-2, log: true }
    batchSize: [32, 64, 128]
    optimizer.weightDecay: { min: 0.01, max: 1, log: true }

Runs that are in the folder of records already are not made again, whichever study made them. Ctrl-C keeps everything: the same command goes on.`;

export function studyCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand('study', 'Many training runs from one file: configurations and seeds, side by side.');
  command.addHelpText('after', HELP);
  command.addCommand(
    newCommand('run', 'Makes the runs of a study, as many at a time as there are cores, and compares them.')
      .argument('<file>', 'the study: YAML or JSON')
      .option('-o, --output <folder>', 'where records and models go (default: studies/<name>)')
      .option('--jobs <number>', 'runs at a time, each on one core (default: the number of cores)')
      .option('--limit-seconds <number>', 'a run that takes longer is stopped and counts as failed (default: 6 hours)')
      .option('--limit-memory <MiB>', 'the same for its memory (default: its share of 80 % of what there is)')
      .option('--redis [address]', `workers of a queue make the runs: ${REDIS_HELP}`)
      .option(
        '--ahead <number>',
        'with --redis, how many runs are put on the queue at a time (default: twice what the workers make, at least 256)',
      )
      .option('--audit <share>', 'with --redis, how many of the runs another worker repeats to compare machines, as 2%')
      .option('--retry-failed', 'make runs again that failed before')
      .addHelpText('after', HELP)
      .action(async (file: string, given: RunFlags) => setExitCode(await run(file, given))),
  );
  command.addCommand(
    newCommand('status', 'Shows the studies of a folder of records: how far they are, what they came to, what failed.')
      .argument('[folder]', 'a folder that `study run` wrote (default: the only one in studies/)')
      .option('--redis [address]', `what is on a queue, and which runs failed there: ${REDIS_HELP}`)
      .action(async (given: string | undefined, { redis }: StatusFlags) => {
        const folder = given ?? (redis === undefined ? onlyStudy() : undefined);
        const queue = redis === undefined ? undefined : await readQueue(redisFlag(redis));
        if (folder !== undefined) status(folder, queue);
        else terminal.printJson({ queue });
        if (queue !== undefined) terminal.print(queueText(queue, terminal.colors));
      }),
  );
  return command;

  async function run(file: string, given: RunFlags): Promise<ExitCode> {
    const study = await readStudyFile(file);
    const folder = given.output ?? join(STUDIES, study.name);
    const records = openRecords(folder);
    let chosen: ChosenRunner | undefined;
    try {
      chosen = await chosenRunner(given, terminal);
      const { runner, audited, where } = chosen;
      const planned = 'sampler' in study ? study.runs! : study.configurations.length * study.seeds.length;
      terminal.note(
        terminal.colors.dim(
          `${count(planned)} runs of ${visibleText(study.name)}, ${where}, into ${visibleText(folder)}; Ctrl-C keeps them and stops`,
        ),
      );
      const progress = new StudyProgress(terminal, planned);
      const result = await withInterrupt(terminal, 'Keeping what was done … (Ctrl-C again quits at once)', (signal) =>
        runStudy(study, {
          records,
          runner,
          signal,
          retryFailed: given.retryFailed === true,
          onStart: (one) => progress.started(one),
          onProgress: (one, value) => progress.progress(one, value),
          onEnd: (one) => progress.ended(one),
        }),
      );
      terminal.clearStatus();
      const command = `bitnetmcu study run ${shellPath(file)} --output ${shellPath(folder)}${runnerFlags(given)}`;
      const differences = result.status === 'finished' ? await audited() : [];
      return report(study, { ...result, differences }, records, {
        command,
        planned,
        retryFailed: given.retryFailed === true,
      });
    } finally {
      await chosen?.runner.close();
      records.close();
    }
  }

  function report(
    study: Study | SampledStudy,
    { status, runs, differences }: StudyResult & { readonly differences: readonly StudyError[] },
    records: RunRecords,
    { command, planned, retryFailed }: RunAs,
  ): ExitCode {
    const shown = 'sampler' in study ? bestRuns(study, runs) : runs;
    const configurations = summarizeRuns(shown);
    const resume = `${command}${retryFailed ? ' --retry-failed' : ''}`;
    const failed = runs.filter(({ record }) => record.status === 'failed').length;
    terminal.printJson({
      status,
      study: study.name,
      folder: records.folder,
      planned,
      configurations,
      runs: runs.map((one) => runJson(one, records)),
      ...(status === 'interrupted' && { resume }),
      ...(differences.length > 0 && { differences: differences.map(({ code, message }) => ({ code, message })) }),
    });
    if (configurations.length > 0) terminal.print(studyTable(configurations));
    if (shown.length < runs.length - failed) {
      terminal.note(`The best ${count(shown.length)} of ${count(runs.length)} runs; --json has all of them.`);
    }
    if (status === 'interrupted') {
      terminal.note(`Stopped after ${count(runs.length)} of ${count(planned)} runs. Go on with\n  ${resume}`);
      return EXIT_CODES.interrupted;
    }
    for (const { message } of differences) terminal.note(`${terminal.colors.red('✗')} ${visibleText(message)}`);
    if (failed === 0) return differences.length > 0 ? EXIT_CODES.checkFailed : EXIT_CODES.ok;
    terminal.note(
      `${count(failed)} of ${count(planned)} runs failed. Make them again with\n  ${command} --retry-failed`,
    );
    return EXIT_CODES.checkFailed;
  }

  function status(folder: string, queue: QueueStatus | undefined): void {
    const records = new Map(readRecords(folder).map((record) => [record.key, record]));
    const studies = readStudyLogs(folder).map(({ name, runs, begun }) => {
      const ended = begun.flatMap(({ key, label, seed }) => {
        const record = records.get(key);
        return record ? [{ label, seed, record }] : [];
      });
      return { name, planned: runs, begun: begun.length, ended };
    });
    terminal.printJson({
      folder,
      ...(queue && { queue }),
      records: records.size,
      studies: studies.map(({ ended, ...study }) => ({
        ...study,
        ended: ended.length,
        configurations: summarizeRuns(ended),
        failed: ended.flatMap(({ label, seed, record }) =>
          record.status === 'failed'
            ? [
                {
                  configuration: label,
                  seed,
                  reason: record.reason,
                  attempts: record.attempts,
                  message: record.message,
                },
              ]
            : [],
        ),
      })),
    });
    const { bold, red } = terminal.colors;
    terminal.print(`${count(records.size)} runs in ${visibleText(folder)}`);
    for (const { name, planned, begun, ended } of studies) {
      const of = planned === undefined ? `${count(begun)} begun` : count(planned);
      terminal.print(`\n${bold(visibleText(name))}: ${count(ended.length)} runs of ${of} have ended\n`);
      if (ended.length > 0) terminal.print(studyTable(summarizeRuns(ended)));
      for (const { label, seed, record } of ended) {
        if (record.status !== 'failed') continue;
        terminal.print(
          `${red('✗')} ${visibleText(label)}, seed ${seed}: ${record.reason}, tried ${record.attempts === 1 ? 'once' : `${record.attempts} times`}: ${visibleText(record.message.split('\n')[0]!)}`,
        );
      }
    }
  }
}

function runJson({ label, key, request, record, known }: EndedStudyRun, records: RunRecords): object {
  const common = { configuration: label, seed: request.config.seed, key, status: record.status, known };
  if (record.status === 'failed') {
    return { ...common, reason: record.reason, attempts: record.attempts, message: record.message };
  }
  const { validation, test, weightBytes, targets, seconds, model } = record;
  return {
    ...common,
    ...(validation && { validation: validation.integer }),
    ...(test && { test }),
    weightBytes,
    targets,
    seconds,
    ...(model !== undefined && { model: records.modelPath(model) }),
  };
}
