// The builds of the prebuilt kernel images, from the records of parts.
import { basename, join } from 'node:path';
import { runtimeSources } from '../src/node/runtime-sources.js';
import type { ElfMachine } from '../src/sim/elf.js';
import { featureImage, type KernelVariant, kernelVariants, placementFlags } from '../src/targets/kernel-variants.js';
import type { Part } from '../src/targets/part.js';
import { findPart, PART_NAMES, type PartName, parts } from '../src/targets/parts.js';
import { unknownValue } from '../src/unknown-value.js';

export interface KernelBuild {
  /** Target and variant: the name of the generated file in src/targets/prebuilt. */
  readonly name: string;
  readonly compiler: string;
  readonly elfMachine: ElfMachine;
  /** Of every file: instruction set, definitions. */
  readonly flags: readonly string[];
  /** Besides those, of all files but the hot ones, and of these. */
  readonly sizeFlags: readonly string[];
  readonly speedFlags: readonly string[];
  readonly hot: KernelVariant['hot'];
  readonly linkerFlags: readonly string[];
  readonly include: readonly string[];
  /** Absolute paths of .c and .S files. */
  readonly sources: readonly string[];
  /**
   * The source that calls kernels by the numbers in an image. Its functions refer to every kernel, so these references say
   * nothing about which kernels a model needs. Images of features have none.
   */
  readonly dispatcher: string | undefined;
  /** What is called from outside: the linker keeps it, and all that it needs. */
  readonly roots: readonly string[];
}

/** Room for any model where addresses allow it; sizes are compared with the part's own afterwards. */
const MIB = 1024 * 1024;
const KIB = 1024;

const { root } = runtimeSources();
const folder = join(root, '..', 'kernels');
const dispatcher = join(root, 'src', 'bnm_run.c');
/** No image calls it, and the libraries that images are linked with have no floating point on AVR. */
const FLOATS = 'bnm_quantize_raw_f32.c';

interface PartBuild {
  readonly script: string;
  /** Folder with start.S. */
  readonly startUp: string;
  /** Symbols that the linker script wants, without the leading underscores. */
  readonly memory: Readonly<Record<string, number>>;
}

const firmware = join(root, '..', 'firmware');

/** How images of a part's kernels are linked: by what runs them. */
function partBuild({ core, flash, ram, weightsIn }: Part): PartBuild {
  switch (core.kind) {
    case 'riscv': {
      const memory = { flash_base: flash.base, flash_size: MIB, ram_base: ram.base, ram_size: MIB };
      return { script: join(firmware, 'ch32v', 'ch32v.ld'), startUp: join(firmware, 'riscv'), memory };
    }
    case 'rp2040': {
      const memory = { flash_base: flash.base, flash_size: MIB, ram_base: ram.base, ram_size: ram.size };
      return { script: join(folder, 'rp2040', 'rp2040.ld'), startUp: join(firmware, 'arm'), memory };
    }
    case 'cortex-m': {
      const memory = { flash_base: flash.base, flash_size: MIB, ram_base: ram.base, ram_size: MIB, stack_size: 0 };
      // What runs from RAM is put there with all that it reads.
      const script = weightsIn === 'ram' ? join(folder, 'rp2040', 'rp2040.ld') : join(firmware, 'cmake', 'memory.ld');
      return { script, startUp: join(firmware, 'arm'), memory };
    }
    case 'avr': {
      const memory = { flash_size: 64 * KIB, ram_base: ram.base, ram_size: 60 * KIB };
      return { script: join(folder, 'avr', 'avr.ld'), startUp: join(folder, 'avr'), memory };
    }
    default:
      throw unknownValue('core', core);
  }
}

/** The image of a variant: its kernels compiled as in firmware. */
function kernelBuild(part: Part, variant: KernelVariant): KernelBuild {
  const { image, sources, hot } = variant;
  const { script, startUp, memory } = partBuild(part);
  const {
    toolchain,
    machine,
    instructionSet,
    flags,
    size,
    speed,
    images = instructionSet,
    library = [],
  } = part.compiler;
  const { include, files, definitions } = runtimeSources(sources);
  return {
    name: image,
    compiler: toolchain,
    elfMachine: machine,
    flags: [...images, ...flags, ...placementFlags(variant), ...definitions.map((definition) => `-D${definition}`)],
    sizeFlags: size,
    speedFlags: speed,
    hot,
    linkerFlags: [
      ...library,
      `-Wl,-T,${script}`,
      ...Object.entries(memory).map(([symbol, value]) => `-Wl,--defsym=__${symbol}=${value}`),
    ],
    include,
    sources: [
      join(startUp, 'start.S'),
      join(firmware, 'memory.c'),
      ...files.filter((path) => basename(path) !== FLOATS),
    ],
    dispatcher,
    roots: ['bnm_run', 'bnm_argmax'],
  };
}

/** The features of signals, which are the same whatever the kernels: an image of their own. */
function featureBuild(part: Part): KernelBuild {
  const [variant] = kernelVariants(part.name as PartName);
  const { name, description, layout, image } = variant!;
  const build = kernelBuild(part, { name, description, layout, image, sources: 'plain', hot: 'none' });
  const isFeature = (path: string) => /^bnm_(feature|filter)_/.test(basename(path));
  const roots = build.sources.filter(isFeature).map((path) => basename(path, '.c'));
  const parts = ['bnm_integer_mean', 'bnm_root_mean_square', 'bnm_power_spectrum', 'bnm_quarter_sine'];
  const sources = build.sources.filter(
    (path) => !path.startsWith(root) || isFeature(path) || parts.includes(basename(path, '.c')),
  );
  return { ...build, name: featureImage(part.name as PartName), sources, dispatcher: undefined, roots };
}

const all = PART_NAMES.flatMap((name) =>
  kernelVariants(name).map((variant) => kernelBuild(findPart(parts[name].kernels.imagesOf ?? name), variant)),
);

/** One build an image: variants that differ in the layout of weights only share theirs. */
export const KERNEL_BUILDS: readonly KernelBuild[] = [
  ...new Map(all.map((build) => [build.name, build])).values(),
  ...PART_NAMES.filter((name) => parts[name].kernels.imagesOf === undefined).map((name) => featureBuild(parts[name])),
];
