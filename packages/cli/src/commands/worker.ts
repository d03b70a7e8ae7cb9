// `bitnetmcu worker`: makes runs of studies that are on a queue, until it is stopped.
import { visibleText } from '@bitnetmcu/models/internal';
import { type EndedJob, startWorker } from '@bitnetmcu/studies';
import { type CommandContext, newCommand } from '../command.js';
import { EXIT_CODES, type ExitCode } from '../exit-codes.js';
import { type LimitFlags, limitFlags, REDIS_HELP, redisFlag } from '../inputs/queue-flags.js';
import { wholeNumber } from '../inputs/whole-number.js';
import { withInterrupt } from '../interrupt.js';
import { count, duration } from '../render/quantities.js';

interface WorkerFlags extends LimitFlags {
  readonly redis?: string;
  readonly jobs?: string;
  readonly data?: string;
}

const HELP = `
Studies put runs on the queue with \`bitnetmcu study run <file> --redis …\`; any number of workers, on any number of machines, make them.
All need the same version of bitnetmcu, and the data: at the same paths as on the machine of the study, or in the folder that --data names.
Ctrl-C keeps what is under way and gives its jobs back. docs/scaling.md has the rest: a compose file, logins, TLS, sizes.`;

/** Letters of a run's key that tell it from others. */
const SHORT_KEY = 12;

export function workerCommand({ terminal, setExitCode }: CommandContext) {
  return newCommand('worker', 'Makes runs of studies that are on a queue, until it is stopped.')
    .option('--redis <address>', REDIS_HELP)
    .option('--jobs <number>', 'runs at a time, each on one core (default: the number of cores)')
    .option('--data <folder>', 'where the files of data sets are on this machine; no others are read then')
    .option('--limit-seconds <number>', 'a run that takes longer is stopped and counts as failed (default: 6 hours)')
    .option('--limit-memory <MiB>', 'the same for its memory (default: its share of 80 % of what there is)')
    .addHelpText('after', HELP)
    .action(async (given: WorkerFlags) => setExitCode(await work(given)));

  async function work(given: WorkerFlags): Promise<ExitCode> {
    const ended = { finished: 0, failed: 0 };
    const worker = await startWorker({
      redis: redisFlag(given.redis),
      jobs: wholeNumber('--jobs', given.jobs),
      data: given.data,
      limits: limitFlags(given),
      onNotice: (text) => terminal.note(visibleText(text)),
      onEnd(job) {
        ended[job.record.status]++;
        terminal.note(lineOf(job));
      },
    });
    terminal.note(
      terminal.colors.dim(
        `${visibleText(worker.name)} takes runs from ${worker.address}, ${worker.jobs} at a time; Ctrl-C gives them back and stops`,
      ),
    );
    await withInterrupt(terminal, 'Keeping what is under way … (Ctrl-C again quits at once)', (signal) => {
      return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(worker.stop())));
    });
    terminal.printJson({ worker: worker.name, ...ended });
    terminal.print(`${count(ended.finished)} runs made, ${count(ended.failed)} failed`);
    return EXIT_CODES.interrupted;
  }

  function lineOf({ key, record, isAudit }: EndedJob): string {
    const { dim, red } = terminal.colors;
    const name = `${key.slice(0, SHORT_KEY)}${isAudit ? ' again' : ''}`;
    if (record.status === 'finished') return dim(`${name}  ${duration(record.seconds)}`);
    return `${red('✗')} ${name} failed (${record.reason}): ${visibleText(record.message.split('\n')[0]!)}`;
  }
}
