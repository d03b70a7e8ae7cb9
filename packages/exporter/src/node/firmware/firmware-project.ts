// A firmware project: the exported model with test samples and a self-test, as files and as the commands that build them.
import type { ElfMachine } from '@bitnetmcu/mcu-runtime/sim';
import type { FirmwareTarget } from '@bitnetmcu/mcu-runtime/targets';
import { elementCount, type QuantizedModel } from '@bitnetmcu/models';
import { type CExport, type ExportCOptions, type ExportedFile, exportC } from '../../c/export-c.js';
import { withDistinctPaths } from '../../distinct-paths.js';
import { ExporterError } from '../../errors.js';
import { exportFolder } from '../write-export.js';
import { bareMetalProject } from './bare-metal-project.js';
import { cmakeProject } from './cmake-project.js';
import { type FirmwareKernels, type FirmwareKind, type FirmwareKindName, firmwareKind } from './firmware-kinds.js';
import { arduinoProject, platformioProject } from './library-project.js';
import { expectedOutput, type FirmwareSamples, firmwareSamples, packSample, samplesHeader } from './samples-header.js';

export interface FirmwareOptions extends Pick<ExportCOptions, 'name'> {
  /** Default: the kind's first with which the model fits. */
  readonly kernels?: FirmwareKernels['name'];
  /** `all`: refuse what does not fit when it is linked. `fitting` (default): as many as there is room for, at least one, those that pack best. */
  readonly samples?: 'all' | 'fitting';
}

/** What all kinds of projects are made of. */
export interface ProjectParts {
  readonly model: QuantizedModel;
  readonly exported: CExport;
  readonly kernels: FirmwareKernels;
  /** The model and the runtime. */
  readonly library: readonly ExportedFile[];
  readonly samplesHeader: ExportedFile;
  readonly samples: FirmwareSamples;
}

/** What a kind of project adds. */
export interface ProjectFiles {
  /** All files, in folders by their paths. */
  readonly files: readonly ExportedFile[];
  /** Command lines that build the project in its folder, in order; the first word is the program. */
  readonly commands: readonly (readonly [string, ...string[]])[];
  /** What is put on the board; absent where the build tool does that. */
  readonly product?: string;
  /** The linked program. */
  readonly linked?: { readonly path: string; readonly machine: ElfMachine };
  /** Contents of flash that run in a simulator here. */
  readonly simulation?: { readonly path: string; readonly target: FirmwareTarget };
}

export interface FirmwareProject extends ProjectFiles {
  readonly kind: FirmwareKindName;
  /** Name of the kernels. */
  readonly kernels: FirmwareKernels['name'];
  /** What the firmware prints where every logit is that of the reference. */
  readonly expectedOutput: string;
  readonly samples: FirmwareSamples;
}

/** Flash that start-up, board, self-test and kernels may take besides weights, when samples are chosen. */
const CODE_RESERVE = 5 * 1024;
/** Flash that stays free for whoever goes on from here. */
const FREE_FLASH = 1024;

/**
 * Makes the project; nothing is written or compiled.
 * @param inputs int8 samples one after another, at least one; they end in flash
 * @throws ExporterError `invalid-samples`, `unknown-kernels`; what `exportC` throws
 */
export function firmwareProject(
  model: QuantizedModel,
  kind: FirmwareKindName,
  inputs: Int8Array,
  options: FirmwareOptions = {},
): FirmwareProject {
  const description = firmwareKind(kind);
  const { kernels, exported } = chooseKernels(model, kind, description, options);
  const features = elementCount(model.input.shape);
  const room = description.flashBytes - FREE_FLASH - CODE_RESERVE - exported.sizes.weightBytes;
  const taken = options.samples === 'all' ? inputs : fittingSamples(inputs, features, room);
  const samples = firmwareSamples(model, taken);
  const parts: ProjectParts = {
    model,
    exported,
    kernels,
    library: exportFolder([exported], false),
    samplesHeader: { path: 'samples.h', content: samplesHeader(exported.name, taken, samples) },
    samples,
  };
  const project = projectFiles(description, parts);
  withDistinctPaths(project.files);
  return {
    kind,
    kernels: kernels.name,
    ...project,
    expectedOutput: expectedOutput(samples),
    samples,
  };
}

function projectFiles(kind: FirmwareKind, parts: ProjectParts): ProjectFiles {
  switch (kind.style) {
    case 'bare-metal':
      return bareMetalProject(kind, parts);
    case 'cmake':
      return cmakeProject(kind, parts);
    case 'arduino':
      return arduinoProject(kind, parts);
    case 'platformio':
      return platformioProject(kind, parts);
    default:
      return kind satisfies never;
  }
}

/** @throws ExporterError `unknown-kernels` */
function chooseKernels(
  model: QuantizedModel,
  name: FirmwareKindName,
  { kernels, target, ramBytes }: FirmwareKind,
  options: FirmwareOptions,
): { readonly kernels: FirmwareKernels; readonly exported: CExport } {
  const exportWith = (chosen: FirmwareKernels) => ({
    kernels: chosen,
    exported: exportC(model, {
      ...(options.name === undefined ? {} : { name: options.name }),
      target,
      kernels: chosen.kernels,
    }),
  });
  if (options.kernels !== undefined) {
    const wanted = kernels.find((one) => one.name === options.kernels);
    if (wanted !== undefined) return exportWith(wanted);
    throw new ExporterError(
      'unknown-kernels',
      `there are no kernels ${JSON.stringify(options.kernels)} for ${name}; choose one of ${kernels.map((one) => one.name).join(', ')}`,
    );
  }
  const choices = kernels.map(exportWith);
  const fits = ({ kernels: chosen, exported: { sizes, files, layout } }: (typeof choices)[number]) => {
    if (chosen.largeLayoutOnly && /-(small|conv)$/.test(layout)) return false;
    const hasChain = files.some(({ content }) => content.includes('bnm_conv_chain'));
    const more = hasChain ? (chosen.chainRamBytes ?? chosen.ramBytes) : chosen.ramBytes;
    return sizes.ramBytes + sizes.inputs + 4 * sizes.outputs + more <= ramBytes;
  };
  return choices.find(fits) ?? choices[0]!;
}

/** Those samples that pack best, as many as fit into `room` bytes and at least one, in their order. */
function fittingSamples(inputs: Int8Array, features: number, room: number): Int8Array {
  const sampleOf = (i: number) => inputs.subarray(i * features, (i + 1) * features);
  const count = inputs.length / features;
  // Half a sample stays, so that it is refused.
  if (!Number.isInteger(count)) return inputs;
  const bytes = Array.from({ length: count }, (_, i) => packSample(sampleOf(i)).length);
  let used = 0;
  const taken = [...bytes.keys()]
    .sort((a, b) => bytes[a]! - bytes[b]! || a - b)
    .filter((sample, position) => {
      used += bytes[sample]!;
      return position === 0 || used <= room;
    })
    .sort((a, b) => a - b);
  return Int8Array.from(taken.flatMap((sample) => [...sampleOf(sample)]));
}
