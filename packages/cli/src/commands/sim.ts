// `bitnetmcu sim`: a model on simulated microcontrollers, with cycles and sizes, and budgets that set the exit code.
import { firmwareFacts } from '@bitnetmcu/exporter/internal/node';
import {
  findSimulationTarget,
  SIMULATION_TARGET_NAMES,
  SIMULATION_TARGETS,
  type SimulationTargetName,
  simulateModel,
} from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import { checkOwnFile, writeOwnFile } from '@bitnetmcu/models/internal/node';
import type { ExistingFiles } from '@bitnetmcu/models/node';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { type Budget, exceededBudgets, parseBudget } from '../inputs/budget.js';
import { addDataFlags, type TestSamples } from '../inputs/dataset.js';
import { addExistingFlags, type ExistingFlags, existingFiles } from '../inputs/existing-files.js';
import { MODEL_ARGUMENT, readQuantizedModel } from '../inputs/model.js';
import { addTrustFlag, type DataTrust } from '../inputs/model-data.js';
import { modelSamples, type SampleChoice } from '../inputs/model-samples.js';
import { wholeNumber } from '../inputs/whole-number.js';
import { withInterrupt } from '../interrupt.js';
import { flameGraph } from '../render/flame-graph.js';
import { count } from '../render/quantities.js';
import { bar } from '../render/score-bars.js';
import { printComparison, printSimulation, type SimulationReport, simulationJson } from '../render/simulation.js';
import { taskScores } from '../results/task-score.js';

interface SimFlags extends Record<string, unknown>, DataTrust, ExistingFlags {
  readonly target: string;
  readonly images?: string;
  readonly indices?: string;
  readonly kernels?: string;
  readonly profile?: string;
  readonly maxMs?: string;
  readonly maxFlash?: string;
  readonly maxRam?: string;
}

const DEFAULT_TARGET: SimulationTargetName = 'ch32v003';
const DEFAULT_IMAGES = 100;
const ALL_TARGETS = 'all';

export function simCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand(
    'sim',
    'Runs a model on a simulated microcontroller over test samples. No compiler is needed: the kernels are built in.',
  )
    .argument('<model>', MODEL_ARGUMENT)
    .option('--target <name>', `${SIMULATION_TARGET_NAMES.join(', ')}, or all to compare them`, DEFAULT_TARGET)
    .option(
      '--images <number>',
      `the first so many test samples (default: ${DEFAULT_IMAGES}, of all classes in turn where the data are sorted)`,
    )
    .option('--indices <a,b,…>', 'these test samples instead')
    .option('--kernels <name>', "which of the target's kernels (default: its first with which the model fits)")
    .option('--profile <file.svg>', 'write a flame graph of the cycles')
    .option('--max-ms <number>', 'fail where a sample takes more milliseconds on average')
    .option('--max-flash <bytes>', 'fail where code and weights take more flash; 14kB is 14 · 1024')
    .option('--max-ram <bytes>', 'fail where buffers and stack take more RAM');
  addExistingFlags(command, 'one');
  addTrustFlag(command);
  addDataFlags(command);
  const targets = SIMULATION_TARGET_NAMES.map((name) => {
    const { description, variants } = SIMULATION_TARGETS[name];
    return `  ${name.padEnd(11)} ${description}\n${variants.map((one) => `  ${''.padEnd(11)}   ${one.name}: ${one.description}`).join('\n')}`;
  });
  command.addHelpText(
    'after',
    `
Targets and their kernels
${targets.join('\n')}

Flash, RAM and stack are those of the smallest firmware that \`bitnetmcu firmware\` builds: measured where its compiler is installed, for
models of the zoo recorded, else estimated from the sizes of the built-in kernels.
Cycles depend on the data where kernels skip zeros. The worst case is measured with activations that leave nothing to skip.
Exits with 1 if the model does not fit the target, or a budget is exceeded.`,
  );
  return command.action(async (path: string, given: SimFlags) => {
    const names = targetNames(given.target);
    if (given.profile !== undefined && names.length > 1) {
      throw new CliError('usage', `--profile draws one target; found --target ${ALL_TARGETS}: name one.`);
    }
    const budget = parseBudget(given);
    const choice = sampleChoice(given);
    const existing = existingFiles(given);
    if (given.profile !== undefined) checkOwnFile(given.profile, existing);
    const model = await readQuantizedModel(path, terminal, given);
    const { samples, what } = await modelSamples(given, model, choice, terminal);
    const reports: SimulationReport[] = [];
    for (const name of names) {
      reports.push(await simulate(name, model, samples, given));
    }
    terminal.clearStatus();
    const indices = Array.isArray(choice) ? (choice as readonly number[]) : undefined;
    const heading = visibleText(
      what(samples.raw.count === 1 ? 'test sample' : `${count(samples.raw.count)} test samples`),
    );
    terminal.printJson(given.target === ALL_TARGETS ? reports.map(simulationJson) : simulationJson(reports[0]!));
    if (given.target === ALL_TARGETS) printComparison(terminal, heading, reports);
    else printSimulation(terminal, heading, reports[0]!, indices);
    writeProfile(given.profile, existing, model.name, reports[0]!);
    finish(reports, budget, given.target === ALL_TARGETS);
  });

  async function simulate(
    target: SimulationTargetName,
    model: QuantizedModel,
    { fitted, inputs }: TestSamples,
    { kernels, profile }: SimFlags,
  ): Promise<SimulationReport> {
    const simulation = await withInterrupt(terminal, 'Stopping …', (signal) =>
      simulateModel(model, {
        target,
        inputs,
        profile: profile !== undefined,
        signal,
        facts: firmwareFacts(model, target),
        onProgress: ({ done, images }) =>
          terminal.status(`${bar(done / images, 20).padEnd(20, '·')} ${target}  ${done} of ${images} samples`),
        ...(kernels === undefined ? {} : { kernels }),
      }),
    );
    const { count } = fitted;
    const scores =
      simulation.kind === 'does-not-fit'
        ? undefined
        : taskScores(model, fitted, inputs, {
            outputs: simulation.logits.length / count,
            logits: simulation.logits,
          });
    return { model, simulation, samples: fitted, inputs, scores };
  }

  function writeProfile(
    path: string | undefined,
    existing: ExistingFiles,
    name: string,
    { simulation }: SimulationReport,
  ): void {
    if (path === undefined) return;
    if (simulation.kind !== 'simulated' || simulation.profile === undefined) {
      terminal.note(`${visibleText(path)} was not written: there are no cycles of a model that does not fit.`);
      return;
    }
    const { callTree } = simulation.profile;
    writeOwnFile(
      path,
      flameGraph(callTree, `${name} on ${simulation.target}`, `${count(simulation.cycles.mean)} cycles a sample`),
      existing,
    );
    terminal.note(`Flame graph: ${visibleText(path)}`);
  }

  /** Says which budgets are exceeded and sets the exit code. In a comparison a target that is too small is no failure by itself. */
  function finish(reports: readonly SimulationReport[], budget: Budget, isComparison: boolean): void {
    const { red } = terminal.colors;
    let failed = false;
    for (const { simulation } of reports) {
      if (simulation.kind === 'does-not-fit' && !isComparison) failed = true;
      for (const problem of exceededBudgets(simulation, budget)) {
        terminal.note(`${red('✗')} ${simulation.target}: ${problem}`);
        failed = true;
      }
    }
    setExitCode(failed ? EXIT_CODES.checkFailed : EXIT_CODES.ok);
  }
}

function targetNames(asked: string): readonly SimulationTargetName[] {
  if (asked === ALL_TARGETS) return SIMULATION_TARGET_NAMES;
  return [findSimulationTarget(asked).name as SimulationTargetName];
}

/** The number of samples, or which ones. @throws CliError `usage` */
function sampleChoice({ images, indices }: SimFlags): SampleChoice {
  if (images !== undefined && indices !== undefined) {
    throw new CliError('usage', '--images and --indices exclude each other: give one of them.');
  }
  if (indices !== undefined) return indices.split(',').map((text) => wholeNumber('--indices', text, { least: 0 }));
  return wholeNumber('--images', images) ?? { upTo: DEFAULT_IMAGES };
}
