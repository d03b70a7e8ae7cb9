// What the smallest firmware of a model takes, measured: built with a self-test of one blank sample, and run in the simulator.
import { spawnSync } from 'node:child_process';
import {
  boardOf,
  callInferences,
  findPart,
  parts,
  probeInputs,
  RECORDED_COMPILERS,
  recordedFacts,
} from '@bitnetmcu/mcu-runtime/internal/targets';
import {
  type FactsSource,
  type FirmwareFacts,
  type KernelVariant,
  type PartName,
  runFirmware,
  SIMULATION_TARGETS,
} from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';
import { MODEL_FOLDER } from '../node/build-files.js';
import type { FirmwareKindName } from './firmware-kinds.js';
import { type FirmwareProject, firmwareProject } from './firmware-project.js';
import { buildApart, type LinkedProgram } from './write-firmware.js';

/** The kind of project that a part's simulator runs. @throws SimulatorError `no-board` where there is none */
export function firmwareKindOf(part: PartName): FirmwareKindName {
  return boardOf(findPart(part)).name as FirmwareKindName;
}

/**
 * Facts of firmware for `chooseVariant` and `simulateModel`: recorded ones where the compiler that is installed is the recorded one, else
 * measured; undefined where there is none.
 */
export function firmwareFacts(model: QuantizedModel, part: PartName): FactsSource {
  const version = compilerVersion(part);
  // Nothing is built for a part without a board: sizes are estimates of the library.
  if (version === undefined || findPart(part).firmware === undefined) return async () => undefined;
  const isRecorded = version === RECORDED_COMPILERS[parts[part].compiler.toolchain];
  const recorded = recordedFacts(part, model);
  const measured = new Map<string, Promise<FirmwareFacts>>();
  return async (variant) => {
    const known = isRecorded ? await recorded(variant) : undefined;
    if (known !== undefined) return known;
    // An estimate tells as much of weights that no flash could hold.
    if (smallestProject(model, part, variant).weightBytes > SIMULATION_TARGETS[part].flashBytes) return undefined;
    const facts = measured.get(variant.name) ?? measureFirmware(model, part, variant);
    measured.set(variant.name, facts);
    return facts;
  };
}

function blankSample(model: QuantizedModel): Int8Array {
  return new Int8Array(elementCount(model.input.shape));
}

function smallestProject(model: QuantizedModel, part: PartName, variant: KernelVariant): FirmwareProject {
  // Whether floating point is wanted on such a part is for those to ask who make firmware.
  const options = { kernels: variant.name, name: 'model', softFloat: true };
  return firmwareProject(model, firmwareKindOf(part), blankSample(model), options);
}

/** First line of `gcc --version` of a part's compiler, or undefined where it is not installed. */
export function compilerVersion(part: PartName): string | undefined {
  const { toolchain } = parts[part].compiler;
  const { status, stdout } = spawnSync(`${toolchain}-gcc`, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

/**
 * Builds and runs the smallest firmware of a model with these kernels.
 * @throws ExporterError `compile`; SimulatorError `run-failed`: both are bugs
 *
 * @example
 * ```ts
 * import { measureFirmware } from '@bitnetmcu/exporter/node';
 * import { SIMULATION_TARGETS } from '@bitnetmcu/mcu-runtime/targets';
 *
 * const [variant] = SIMULATION_TARGETS.ch32v003.variants;
 * const facts = await measureFirmware(model, 'ch32v003', variant!); // builds it with the cross compiler
 * ```
 */
export async function measureFirmware(
  model: QuantizedModel,
  part: PartName,
  variant: KernelVariant,
): Promise<FirmwareFacts> {
  const project = smallestProject(model, part, variant);
  const linked = buildApart(project);
  const { flash, ram: staticRam } = linked.sizes;
  const { flashBytes, ramBytes } = SIMULATION_TARGETS[part];
  if (flash > flashBytes || staticRam > ramBytes) return { flash, staticRam, stack: undefined, cycles: undefined };
  const [shallow, ...runs] = await inferences(part, variant, project, linked, [
    blankSample(model),
    ...probeInputs(model),
  ]);
  const deepest = runs.reduce((most, run) => Math.max(most, run.stackBytes), shallow!.stackBytes);
  // What runs into static data computes anything, or nothing.
  if (staticRam + deepest > ramBytes) return { flash, staticRam, stack: deepest, cycles: undefined };
  const { output, stackBytes } = await runFirmware(part, linked.flash);
  const stack = stackBytes + deepest - shallow!.stackBytes;
  if (staticRam + stack <= ramBytes && output !== project.expectedOutput) {
    throw new ExporterError(
      'self-test',
      `The firmware of ${model.name} with the kernels ${variant.name} of ${part} printed ${JSON.stringify(output)}; wanted: ${JSON.stringify(project.expectedOutput)}. Please report it with the model.`,
    );
  }
  return { flash, staticRam, stack, cycles: runs[0]!.cycles };
}

/** Cycles of an inference in firmware with these kernels, for each sample. @throws as measureFirmware */
export async function firmwareCycles(
  model: QuantizedModel,
  part: PartName,
  variant: KernelVariant,
  samples: readonly Int8Array[],
): Promise<readonly number[]> {
  return (await firmwareRuns(model, part, variant, samples)).map(({ cycles }) => cycles);
}

/** The inferences themselves: class, cycles, profile. @throws as measureFirmware */
export function firmwareRuns(
  model: QuantizedModel,
  part: PartName,
  variant: KernelVariant,
  samples: readonly Int8Array[],
): ReturnType<typeof callInferences> {
  const project = smallestProject(model, part, variant);
  return inferences(part, variant, project, buildApart(project), samples);
}

function inferences(
  part: PartName,
  { lto }: KernelVariant,
  project: FirmwareProject,
  linked: LinkedProgram,
  samples: readonly Int8Array[],
): ReturnType<typeof callInferences> {
  // Link-time optimization leaves no function to call: a second program has one.
  const { program } = lto ? buildApart(withProbe(project)) : linked;
  return callInferences(part, program, lto ? PROBE : project.inferFunction, samples);
}

const PROBE = 'probe_infer';

/** The project with a function around the model that the optimizer leaves alone. */
function withProbe(project: FirmwareProject): FirmwareProject {
  const function_ = `__attribute__((used, noinline, noclone)) static int ${PROBE}(const int8_t *input, int32_t *logits) { return ${project.inferFunction}(input, logits); }`;
  const files = project.files.map(({ path, content }) =>
    path === `${MODEL_FOLDER}/samples.h`
      ? {
          path,
          content: content.replace(/^#define self_test_infer .*$/m, `${function_}\n#define self_test_infer ${PROBE}`),
        }
      : { path, content },
  );
  return { ...project, files };
}
