// The implementations of integer inference that can be compared, as data; the first one is the reference.
import { ExportedCBackend } from '@bitnetmcu/exporter/node';
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { CHostBackend, hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { type InferenceBackend, ReferenceInference } from '@bitnetmcu/models';
import { unknownName } from '@bitnetmcu/quant/internal';
import { CliError } from '../errors.js';

export const IMPLEMENTATION_NAMES = [
  'typescript',
  'wasm',
  'c-host',
  'exported-c',
  'exported-c:ch32v003',
  'exported-c:ch32v002',
] as const;
export type ImplementationName = (typeof IMPLEMENTATION_NAMES)[number];

interface Implementation {
  /** One sentence for the help. */
  readonly description: string;
  readonly needsCompiler: boolean;
  readonly create: () => InferenceBackend;
}

export const IMPLEMENTATIONS: Readonly<Record<ImplementationName, Implementation>> = {
  typescript: {
    description: 'the reference, plain TypeScript',
    needsCompiler: false,
    create: () => new ReferenceInference(),
  },
  wasm: {
    description: 'the C runtime as WebAssembly',
    needsCompiler: false,
    create: () => new WasmBackend(),
  },
  'c-host': {
    description: 'the C runtime compiled for this machine',
    needsCompiler: true,
    create: () => new CHostBackend(),
  },
  'exported-c': {
    description: 'the C source as `export` writes it, compiled for this machine',
    needsCompiler: true,
    create: () => new ExportedCBackend(),
  },
  'exported-c:ch32v003': {
    description: 'the same for the fast kernels without a multiplier',
    needsCompiler: true,
    create: () => new ExportedCBackend({ target: 'ch32v003' }),
  },
  'exported-c:ch32v002': {
    description: 'the same for the fast kernels with a multiplier',
    needsCompiler: true,
    create: () => new ExportedCBackend({ target: 'ch32v002' }),
  },
};

export interface ChosenImplementations {
  readonly backends: readonly InferenceBackend[];
  /** Implementations that were left out, with the reason. */
  readonly skipped: Readonly<Record<string, string>>;
}

/**
 * The implementations by name, or all that this machine can run.
 * @throws CliError `usage` for an unknown name, `missing-part` where one that was asked for needs a compiler that is not there.
 */
export function chooseImplementations(asked: readonly string[] | undefined): ChosenImplementations {
  const names = asked?.map(checkName) ?? IMPLEMENTATION_NAMES;
  const compiler = hostCompiler();
  const skipped: Record<string, string> = {};
  const backends: InferenceBackend[] = [];
  for (const name of names) {
    const { needsCompiler, create } = IMPLEMENTATIONS[name];
    if (needsCompiler && compiler.kind === 'missing') {
      if (asked !== undefined) throw new CliError('missing-part', `${name} cannot run: ${compiler.message}`);
      skipped[name] = compiler.message;
    } else {
      backends.push(create());
    }
  }
  return { backends, skipped };
}

function checkName(name: string): ImplementationName {
  const known = IMPLEMENTATION_NAMES.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new CliError('usage', unknownName('implementation', name, IMPLEMENTATION_NAMES));
}
