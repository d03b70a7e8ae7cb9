// A firmware project: the exported model with test samples and a self-test, as files and as the commands that build them.
import type { ElfMachine } from '@bitnetmcu/mcu-runtime/sim';
import type { PartName } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { type CExport, type ExportCOptions, type ExportedFile, exportC } from '../c/export-c.js';
import { withDistinctPaths } from '../distinct-paths.js';
import { ExporterError } from '../errors.js';
import { withLicence } from '../node/licence.js';
import { exportFolder } from '../node/write-export.js';
import { unknownValue } from '../unknown-value.js';
import { bareMetalProject } from './bare-metal-project.js';
import { cmakeProject } from './cmake-project.js';
import { cmsisPackProject, espIdfProject, zephyrProject } from './component-project.js';
import {
  answersCommands,
  FIRMWARE_KIND_NAMES,
  type FirmwareKernels,
  type FirmwareKind,
  type FirmwareKindName,
  firmwareKind,
} from './firmware-kinds.js';
import { arduinoProject, platformioProject } from './library-project.js';
import { rowsMain } from './rows-program.js';
import { expectedOutput, type FirmwareSamples, firmwareSamples, samplesHeader } from './samples-header.js';

export interface FirmwareOptions extends Pick<ExportCOptions, 'name' | 'softFloat'> {
  /** Default: the kind's first. `makeFirmware` takes the first with which the model fits. */
  readonly kernels?: string;
  /** A program that answers commands on the serial port in place of the self-test (firmware/serial/serial.h). Default false. */
  readonly serial?: boolean;
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
  /** Whether it answers commands. */
  readonly serial: boolean;
}

/** What a kind of project adds. */
export interface ProjectFiles {
  /** All files, in folders by their paths. */
  readonly files: readonly ExportedFile[];
  /** Command lines that build the project in its folder, in order; the first word is the program. */
  readonly commands: readonly (readonly [string, ...string[]])[];
  /** The same with other sources than the project's own; absent where the build tool finds them. Paths in the folder. */
  readonly commandsFor?: (sources: readonly string[]) => ProjectFiles['commands'];
  /** The file by which the build tool finds sources; of the user's. */
  readonly buildFile?: string;
  /** Folder of generated files: `model` where nothing else is said. */
  readonly generatedFolder?: string;
  /** What is put on the board; absent where the build tool does that. */
  readonly product?: string;
  /** The linked program. */
  readonly linked?: { readonly path: string; readonly machine: ElfMachine };
  /** Contents of flash that run in a simulator here. */
  readonly simulation?: { readonly path: string; readonly target: PartName };
}

export interface FirmwareProject extends ProjectFiles {
  readonly kind: FirmwareKindName;
  /** Name of the kernels. */
  readonly kernels: string;
  /** The exported function that runs the model. */
  readonly inferFunction: string;
  /** Of the model's tables. */
  readonly weightBytes: number;
  /** What the firmware prints where every logit is that of the reference. */
  readonly expectedOutput: string;
  readonly samples: FirmwareSamples;
  /** Whether it answers commands in place of the self-test: `expectedOutput` is not what it prints then. */
  readonly serial: boolean;
}

/**
 * Makes the project; nothing is written or compiled.
 * @param inputs int8 samples one after another, at least one; they end in flash
 * @throws ExporterError `invalid-samples`, `unknown-kernels`, `no-receiver`; what `exportC` throws
 *
 * @example
 * ```ts
 * import { firmwareProject, writeFirmware } from '@bitnetmcu/exporter/node';
 *
 * const project = firmwareProject(model, 'ch32v003', inputs); // texts only
 * writeFirmware(project, 'firmware');
 * ```
 */
export function firmwareProject(
  model: QuantizedModel,
  kind: FirmwareKindName,
  inputs: Int8Array,
  options: FirmwareOptions = {},
): FirmwareProject {
  const description = firmwareKind(kind);
  const kernels = findKernels(kind, options.kernels);
  const serial = options.serial ?? false;
  if (serial) requireReceiver(description, kind);
  const exported = exportC(model, {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.softFloat === undefined ? {} : { softFloat: options.softFloat }),
    target: description.target,
    kernels: kernels.sources === 'plain' ? 'plain' : 'fast',
    layout: kernels.layout,
  });
  const samples = firmwareSamples(model, inputs);
  const parts: ProjectParts = {
    model,
    exported,
    kernels,
    library: exportFolder([exported], false),
    samplesHeader: { path: 'samples.h', content: samplesHeader(exported.name, samples) },
    samples,
    serial,
  };
  const project = licensed(withRows(projectFiles(description, parts), exported));
  withDistinctPaths(project.files);
  return {
    kind,
    kernels: kernels.name,
    inferFunction: `${exported.name}_infer`,
    weightBytes: exported.sizes.weightBytes,
    ...project,
    expectedOutput: expectedOutput(samples),
    samples,
    serial,
  };
}

/** @throws ExporterError `no-receiver` */
function requireReceiver(description: FirmwareKind, kind: FirmwareKindName): void {
  if (answersCommands(description)) return;
  const able = FIRMWARE_KIND_NAMES.filter((name) => answersCommands(firmwareKind(name)));
  const isHeard = description.style === 'bare-metal' && description.receiver !== undefined;
  const missing = isHeard ? 'no counter of core cycles here' : 'no receiver here that a program could wait for';
  throw new ExporterError(
    'no-receiver',
    `${kind} has ${missing}, so that it cannot answer commands with cycles; wanted: one of ${able.join(', ')}. The self-test needs neither.`,
  );
}

/** Every file says its licence. */
function licensed(project: ProjectFiles): ProjectFiles {
  return { ...project, files: withLicence(project.files) };
}

/** Of a model with raw values `main.c` reads rows of numbers. */
function withRows(project: ProjectFiles, exported: CExport): ProjectFiles {
  const { raw } = exported;
  if (raw === undefined) return project;
  const files = project.files.map((file) =>
    file.path === 'main.c' ? { ...file, content: rowsMain(exported, raw) } : file,
  );
  return { ...project, files };
}

/** @throws ExporterError `unknown-kernels` */
function findKernels(kind: FirmwareKindName, name: string | undefined): FirmwareKernels {
  const { kernels } = firmwareKind(kind);
  const found = name === undefined ? kernels[0] : kernels.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new ExporterError(
    'unknown-kernels',
    `There are no kernels ${JSON.stringify(name)} for ${kind}; choose one of ${kernels.map((one) => one.name).join(', ')}`,
  );
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
    case 'esp-idf':
      return espIdfProject(kind, parts);
    case 'zephyr':
      return zephyrProject(kind, parts);
    case 'cmsis-pack':
      return cmsisPackProject(kind, parts);
    default:
      throw unknownValue('style of firmware', kind);
  }
}
