// The compiled engine as a Node-API addon.
import { TrainerError } from '../errors.js';
import { withMemory } from '../memory.js';
import {
  type ComputeBackend,
  type ComputeMemory,
  describeNeeds,
  type RunRequest,
  type RunTotals,
} from './compute-backend.js';
import type { EngineInfo } from './engine.js';
import { type Addon, loadAddon } from './native-addon.js';
import { requireAccepted } from './plan/program.js';

/** More help little: the augmentation needs a core as well, and dense layers run on one thread. */
const DEFAULT_THREADS = 2;
export const MAX_THREADS = 64;

export interface NativeOptions {
  /** Most threads to use; absent: 2 where the machine has as many cores. Results do not depend on it. */
  readonly threads?: number | undefined;
  /** `avx512`, `avx2` or `baseline`; absent: the fastest that the machine has. */
  readonly simd?: string | undefined;
  /** `separate` for the bits of WebAssembly; absent: whatever is fastest. */
  readonly arithmetic?: 'separate' | undefined;
}

/** @throws TrainerError `engine-unavailable` with the reason where the addon does not load or lacks the instruction set. */
export async function createNativeBackend(options: NativeOptions): Promise<ComputeBackend> {
  const addon = await loadAddon();
  const { simd, arithmetic: wanted, threads = Math.min(DEFAULT_THREADS, await coreCount()) } = options;
  const { name, arithmetic, index } = chooseVariant(addon, simd, wanted);
  const info: EngineInfo = { kind: 'native', simd: name, threads, arithmetic };
  return {
    info,
    createMemory: (needs) => {
      const { what, remedy } = describeNeeds(needs);
      return withMemory(what, needs.floats * 4, remedy, () => new NativeMemory(addon, index, threads, needs.floats));
    },
  };
}

async function coreCount(): Promise<number> {
  const { availableParallelism } = await import('node:os');
  return availableParallelism();
}

interface Variant {
  readonly name: string;
  readonly arithmetic: 'fused' | 'separate';
  readonly index: number;
}

/** The fastest that is as asked for. */
export function chooseVariant(addon: Addon, simd: string | undefined, arithmetic?: 'separate'): Variant {
  const list = addon.variants();
  const variants = Array.from({ length: list.length / 3 }, (_, i) => ({
    name: String(list[3 * i]),
    arithmetic: list[3 * i + 1] === 'fused' ? ('fused' as const) : ('separate' as const),
    index: Number(list[3 * i + 2]),
  }));
  const variant = variants.find(
    (one) => (simd ?? one.name) === one.name && (arithmetic ?? one.arithmetic) === one.arithmetic,
  );
  if (variant === undefined) {
    const known = [...new Set(variants.map(({ name }) => name))].join(', ');
    throw new TrainerError(
      'engine-unavailable',
      `The native engine has no instruction set '${simd}' on this machine; it has: ${known}. Choose one of them or none.`,
    );
  }
  return variant;
}

class NativeMemory implements ComputeMemory {
  readonly arena: Float32Array;
  readonly #totals = new Float64Array(4);

  constructor(
    private readonly addon: Addon,
    private readonly variant: number,
    private readonly threads: number,
    floats: number,
  ) {
    // Kernels want whole cache lines; an ArrayBuffer only promises 8 bytes.
    const buffer = new ArrayBuffer((floats + 16) * 4);
    const misalignment = addon.misalignment(new Float32Array(buffer));
    this.arena = new Float32Array(buffer, misalignment === 0 ? 0 : 64 - misalignment, floats);
  }

  run(request: RunRequest): RunTotals {
    const { program } = request;
    this.addon.run(
      this.variant,
      this.arena,
      program.words,
      program.prepareCount,
      program.count,
      request.samples,
      request.labels,
      request.targets,
      request.order,
      request.logits,
      request.from,
      request.to,
      request.batchSize,
      request.steps,
      this.#totals,
      this.threads,
    );
    const [loss, correct, refusedOp, refusedCode] = this.#totals as unknown as [number, number, number, number];
    requireAccepted(refusedOp, refusedCode);
    return { loss, correct };
  }

  dispose(): void {}
}
