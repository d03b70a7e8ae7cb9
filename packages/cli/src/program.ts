// The tree of commands. Only the command that is called is loaded: the help of all of them costs nothing.
import { Command } from 'commander';
import { type CommandContext, type CommandFactory, newCommand } from './command.js';
import { EXIT_CODE_MEANINGS } from './exit-codes.js';
import { terminalText } from './render/styled-text.js';
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
    summary: 'train a low-bit network',
    load: async () => (await import('./commands/train.js')).trainCommand,
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
    name: 'infer',
    summary: 'classify a picture or a test image and draw it',
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
    summary: 'fetch, check and look at a data set',
    load: async () => (await import('./commands/data.js')).dataCommand,
  },
  {
    name: 'doctor',
    summary: 'what is present on this machine, and what each missing part costs',
    load: async () => (await import('./commands/doctor.js')).doctorCommand,
  },
];

const WELCOME = `Low-bit neural networks for the smallest microcontrollers: train, export C, verify bit for bit.

First steps
  bitnetmcu demo                              everything once, on MNIST, in about two minutes
  bitnetmcu train --preset fc-1k --epochs 5   a first network of your own
  bitnetmcu infer runs/fc-1k/model.bnm 42     what it makes of test image 42
  bitnetmcu zoo                               trained models, usable as zoo:<name> wherever a model is wanted
  bitnetmcu doctor                            what this machine has`;

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
    .description(WELCOME)
    .version(cliVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', EXIT_CODE_HELP);
  const called = args.find((argument) => !argument.startsWith('-') && argument !== 'help');
  for (const { name, summary, load } of COMMANDS) {
    const factory = name === called ? await load() : undefined;
    program.addCommand(factory?.(options) ?? newCommand(name, summary));
  }
  configure(program, stdout, stderr);
  return program;
}

/** Errors are thrown, not exited with, and both streams are ours, in every command. */
function configure(command: Command, stdout: Output, stderr: Output): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(terminalText(text)),
    writeErr: (text) => stderr.write(terminalText(text)),
    getOutHelpWidth: () => Math.min(stdout.columns ?? 100, 120),
    getErrHelpWidth: () => Math.min(stderr.columns ?? 100, 120),
  });
  command.showHelpAfterError(
    command.name() === 'bitnetmcu' ? '' : `Run \`bitnetmcu ${command.name()} --help\` for its options.`,
  );
  for (const child of command.commands) configure(child, stdout, stderr);
}
