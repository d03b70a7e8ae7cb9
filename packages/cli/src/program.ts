// The tree of commands. Only the command that is called is loaded: the help of all of them costs nothing.
import { Command } from 'commander';
import { type CommandContext, type CommandFactory, newCommand } from './command.js';
import { EXIT_CODE_MEANINGS } from './exit-codes.js';
import { withInvocation } from './render/invocation.js';
import { terminalText } from './render/styled-text.js';
import { welcome } from './render/welcome.js';
import type { Output } from './terminal.js';
import { cliVersion } from './version.js';

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandFactory>;
}

/** All commands in the order of the journey from data to device. */
const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'the whole journey on MNIST: train, export C, verify all 10 000 test images',
    load: async () => (await import('./commands/demo.js')).demoCommand,
  },
  {
    name: 'train',
    summary: 'train a low-bit network on your own data, or from a configuration',
    load: async () => (await import('./commands/train.js')).trainCommand,
  },
  {
    name: 'study',
    summary: 'many training runs from one file: configurations and seeds, side by side',
    load: async () => (await import('./commands/study.js')).studyCommand,
  },
  {
    name: 'experiment',
    summary: 'the research plan: ideas about low-bit networks, each a study with its figures',
    load: async () => (await import('./commands/experiment.js')).experimentCommand,
  },
  {
    name: 'worker',
    summary: 'make runs of studies that other machines put on a queue',
    load: async () => (await import('./commands/worker.js')).workerCommand,
  },
  {
    name: 'search',
    summary: 'search networks for a part within a budget of flash, RAM and time',
    load: async () => (await import('./commands/search.js')).searchCommand,
  },
  {
    name: 'import',
    summary: 'turn an ONNX file or a BitNetMCU header into a .bnm file',
    load: async () => (await import('./commands/import.js')).importCommand,
  },
  {
    name: 'export',
    summary: 'turn a checkpoint or model into C source or a .bnm file',
    load: async () => (await import('./commands/export.js')).exportCommand,
  },
  {
    name: 'verify',
    summary: 'compare implementations of a model bit for bit over a data set',
    load: async () => (await import('./commands/verify.js')).verifyCommand,
  },
  {
    name: 'compare',
    summary: 'say whether networks, or recipes over seeds, are really different',
    load: async () => (await import('./commands/compare.js')).compareCommand,
  },
  {
    name: 'infer',
    summary: 'classify pictures, rows of numbers, signals or test samples',
    load: async () => (await import('./commands/infer.js')).inferCommand,
  },
  {
    name: 'sim',
    summary: 'run a model on a simulated microcontroller: cycles, milliseconds, flash, RAM',
    load: async () => (await import('./commands/sim.js')).simCommand,
  },
  {
    name: 'firmware',
    summary: 'write and build a project for a board, with a self-test',
    load: async () => (await import('./commands/firmware.js')).firmwareCommand,
  },
  {
    name: 'calibrate',
    summary: 'measure a board with micro-benchmarks, beside the simulator',
    load: async () => (await import('./commands/calibrate.js')).calibrateCommand,
  },
  {
    name: 'inspect',
    summary: 'show the layers of a model, checkpoint, preset or network file',
    load: async () => (await import('./commands/inspect.js')).inspectCommand,
  },
  {
    name: 'zoo',
    summary: 'list the trained models that come with it',
    load: async () => (await import('./commands/zoo.js')).zooCommand,
  },
  {
    name: 'data',
    summary: 'look at a data set: your own files, or one that is fetched',
    load: async () => (await import('./commands/data.js')).dataCommand,
  },
  {
    name: 'doctor',
    summary: 'what is present on this machine, and what each missing part costs',
    load: async () => (await import('./commands/doctor.js')).doctorCommand,
  },
];

const EXIT_CODE_HELP = `
Exit codes
${Object.entries(EXIT_CODE_MEANINGS)
  .map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`)
  .join('\n')}`;

export interface ProgramOptions extends CommandContext {
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Builds the program, with the command that `args` calls in full and the others by name. */
export async function buildProgram(args: readonly string[], options: ProgramOptions): Promise<Command> {
  const { stdout, stderr } = options;
  const program = new Command('bitnetmcu')
    .description(welcome(helpWidth(stdout)))
    .version(cliVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', EXIT_CODE_HELP);
  const called = args.find((argument) => !argument.startsWith('-') && argument !== 'help');
  for (const { name, summary, load } of COMMANDS) {
    const factory = name === called ? await load() : undefined;
    program.addCommand(factory?.(options) ?? newCommand(name, summary));
  }
  configure(program, stdout, stderr, options.terminal.invocation);
  return program;
}

/** Columns that texts beside terms keep at least: the list of commands wraps on a terminal of 60. */
const NARROWEST_TEXT = 20;

const helpWidth = ({ columns }: Output): number => Math.min(columns ?? 100, 120);

/** `bitnetmcu study run`: the command as one types it. */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

/** Errors are thrown, not exited with, and both streams are ours, in every command. */
function configure(command: Command, stdout: Output, stderr: Output, invocation: string): void {
  command.configureHelp({ minWidthToWrap: NARROWEST_TEXT });
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(terminalText(withInvocation(text, invocation))),
    writeErr: (text) => stderr.write(terminalText(withInvocation(text, invocation))),
    getOutHelpWidth: () => helpWidth(stdout),
    getErrHelpWidth: () => helpWidth(stderr),
  });
  command.showHelpAfterError(command.parent === null ? '' : `Run \`${fullName(command)} --help\` for its options.`);
  for (const child of command.commands) configure(child, stdout, stderr, invocation);
}
