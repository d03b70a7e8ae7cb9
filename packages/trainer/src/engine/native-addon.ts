// Finds and loads the addon: build/Release of a clone, or prebuilds/<platform>-<arch> of the published package.
import { TrainerError } from '../errors.js';
import { opsVersion } from './plan/program.js';

type Optional<T> = T | undefined;

/** The functions of native/addon.c. */
export interface Addon {
  readonly opsVersion: number;
  /** [instruction set, arithmetic, index, …], fastest first. */
  variants(): (string | number)[];
  misalignment(array: Float32Array): number;
  run(
    variant: number,
    arena: Float32Array,
    program: Int32Array,
    prepareCount: number,
    programCount: number,
    samples: Uint8Array,
    labels: Uint16Array,
    targets: Optional<Float32Array>,
    order: Optional<Uint32Array>,
    logits: Optional<Float32Array>,
    from: number,
    to: number,
    batchSize: number,
    steps: Optional<Float32Array>,
    totals: Float64Array,
    threads: number,
  ): void;
  augment(
    variant: number,
    source: Uint8Array,
    indices: Optional<Uint32Array>,
    matrices: Float32Array,
    grid: Optional<Float32Array>,
    destination: Uint8Array,
    scratch: Uint32Array,
    sizes: Int32Array,
  ): void;
  resize(
    variant: number,
    source: Uint8Array,
    destination: Uint8Array,
    across: Int32Array,
    acrossStarts: Int32Array,
    down: Int32Array,
    downStarts: Int32Array,
    scratch: Uint8Array,
    sizes: Int32Array,
  ): void;
}

/** @throws TrainerError `engine-unavailable` with the reason. */
export async function loadAddon(): Promise<Addon> {
  try {
    // Not at import time: a browser or a bundle without Node never gets here.
    const [{ createRequire }, { dirname, join }, { existsSync }, { fileURLToPath }] = await Promise.all([
      import('node:module'),
      import('node:path'),
      import('node:fs'),
      import('node:url'),
    ]);
    let folder = dirname(fileURLToPath(import.meta.url));
    while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
    const load = createRequire(import.meta.url)('node-gyp-build') as (folder: string) => Addon;
    const addon = load(folder);
    if (addon.opsVersion !== opsVersion()) throw new Error('it was built from other sources');
    return addon;
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    throw new TrainerError(
      'engine-unavailable',
      `The native engine does not load: ${reason}. Install a C compiler and build the package again, or choose the engine 'wasm'.`,
      { cause: error },
    );
  }
}
