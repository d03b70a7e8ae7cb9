// The compiled engine as WebAssembly SIMD128: one instance and one fixed memory a network, so that views never detach.
// Samples stay outside: each call copies the batches that it needs into a staging area.
import { outOfMemory, withMemory } from '../memory.js';
import {
  type ComputeBackend,
  type ComputeMemory,
  describeNeeds,
  type MemoryNeeds,
  type RunRequest,
  type RunTotals,
} from './compute-backend.js';
import { requireAccepted } from './plan/program.js';
import {
  alignedTo,
  compileEngineModule,
  type EngineExports,
  type EngineModule,
  instantiateEngine,
} from './wasm-module.js';

/** Offsets in bytes of the fields of `Run` (native/interpreter.h) on a 32-bit machine. */
const RUN_FIELDS = {
  arena: 0,
  prepare: 4,
  program: 8,
  prepareCount: 12,
  programCount: 16,
  samples: 20,
  labels: 24,
  targets: 28,
  order: 32,
  logits: 36,
  from: 40,
  to: 44,
  batchSize: 48,
  steps: 52,
  loss: 56,
  correct: 64,
  refusedOp: 80,
  refusedCode: 84,
} as const;

/** Samples are staged in portions of about this size, whole batches each. */
const STAGED_BYTES = 1 << 20;
/** Addresses are 32 bits. */
const MAX_BYTES = 2 ** 32;
const STAGING_ALIGNMENT = 64;
/** Program, samples, labels, targets, logits and steps. */
const STAGED_PARTS = 6;
/** Learning rate and what goes with it, of one batch. */
const STEP_BYTES = 16;

export async function createWasmBackend(): Promise<ComputeBackend> {
  const module = await compileEngineModule();
  return {
    info: { kind: 'wasm', simd: 'simd128', threads: 1, arithmetic: 'separate' },
    createMemory: (needs) => {
      const { what, remedy } = describeNeeds(needs);
      const bytes = needs.floats * 4 + stagingBytes(needs);
      const advice = `${remedy}, or the native engine`;
      if (bytes > MAX_BYTES) throw outOfMemory(what, bytes, 'and the WebAssembly engine has up to 4 GiB', advice);
      return withMemory(what, bytes, advice, () => new WasmMemory(module, needs));
    },
  };
}

/** Whole batches that are staged at once, in samples; a sample with everything that may belong to it. */
function portionOf(sampleBytes: number, batchSize: number): number {
  return Math.max(1, Math.floor(STAGED_BYTES / (sampleBytes * batchSize))) * batchSize;
}

/** The largest portion of any request, whatever belongs to its samples. */
function stagingBytes({ programBytes, batchSize, features, classes, targetWidth }: MemoryNeeds): number {
  const least = features + 2;
  const most = least + 4 * (classes + targetWidth);
  const samples = Math.max(STAGED_BYTES, most * batchSize);
  const steps = Math.ceil(portionOf(least, batchSize) / batchSize) * STEP_BYTES;
  return programBytes + samples + steps + STAGED_PARTS * STAGING_ALIGNMENT;
}

class WasmMemory implements ComputeMemory {
  readonly arena: Float32Array;
  readonly #exports: EngineExports;
  readonly #staging: number;
  readonly #stagingEnd: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(module: EngineModule, needs: MemoryNeeds) {
    const { floats } = needs;
    const { exports, base } = instantiateEngine(module, floats * 4 + STAGING_ALIGNMENT + stagingBytes(needs));
    this.#exports = exports;
    this.arena = new Float32Array(exports.memory.buffer, base, floats);
    this.#staging = alignedTo(base + floats * 4, STAGING_ALIGNMENT);
    this.#bytes = new Uint8Array(exports.memory.buffer);
    this.#stagingEnd = this.#bytes.length;
    this.#view = new DataView(exports.memory.buffer);
  }

  run(request: RunRequest): RunTotals {
    const { program, from, to, batchSize } = request;
    const sampleBytes =
      request.features +
      2 +
      4 * (request.targetWidth * Number(!!request.targets) + request.classes * Number(!!request.logits));
    const portion = portionOf(sampleBytes, batchSize);
    const totals: RunTotals = { loss: 0, correct: 0 };
    for (let start = from; start < to || start === from; start += portion) {
      const end = Math.min(start + portion, to);
      // Weights are prepared once a run: the first portion runs the whole program.
      const prepareCount = start === from ? program.prepareCount : 0;
      this.#runPortion(request, start, end, prepareCount, totals);
      if (end === to) break;
    }
    return totals;
  }

  #runPortion(request: RunRequest, start: number, end: number, prepareCount: number, totals: RunTotals): void {
    const { program, samples, labels, targets, order, logits, steps, features, classes, targetWidth, batchSize } =
      request;
    const count = end - start;
    let next = this.#staging;
    const reserve = (bytes: number): number => {
      const at = next;
      next = alignedTo(next + bytes, STAGING_ALIGNMENT);
      if (next > this.#stagingEnd) throw new RangeError(`${next - this.#staging} bytes do not fit the staging area`);
      return at;
    };
    const words = reserve(program.words.byteLength);
    new Int32Array(this.#bytes.buffer, words, program.words.length).set(program.words);
    const stagedSamples = reserve(count * features);
    const stagedLabels = reserve(count * 2);
    const labelView = new Uint16Array(this.#bytes.buffer, stagedLabels, count);
    const stagedTargets = targets ? reserve(count * targetWidth * 4) : 0;
    const stagedLogits = logits ? reserve(count * classes * 4) : 0;
    if (order) {
      const targetView = new Float32Array(this.#bytes.buffer, stagedTargets, targets ? count * targetWidth : 0);
      for (let i = 0; i < count; i++) {
        const number = order[start + i]!;
        this.#bytes.set(samples.subarray(number * features, (number + 1) * features), stagedSamples + i * features);
        labelView[i] = labels[number]!;
        if (targets) {
          targetView.set(targets.subarray(number * targetWidth, (number + 1) * targetWidth), i * targetWidth);
        }
      }
    } else {
      this.#bytes.set(samples.subarray(start * features, end * features), stagedSamples);
      labelView.set(labels.subarray(start, end));
      if (targets) {
        new Float32Array(this.#bytes.buffer, stagedTargets, count * targetWidth).set(
          targets.subarray(start * targetWidth, end * targetWidth),
        );
      }
    }
    let stagedSteps = 0;
    if (steps) {
      const firstStep = ((start - request.from) / batchSize) * 4;
      const portion = steps.subarray(firstStep, firstStep + Math.ceil(count / batchSize) * 4);
      stagedSteps = reserve(portion.byteLength);
      new Float32Array(this.#bytes.buffer, stagedSteps, portion.length).set(portion);
    }
    const job = this.#exports.job();
    const prepareBytes = program.words.byteLength * (program.prepareCount / (program.prepareCount + program.count));
    this.#setFields(job, {
      arena: this.arena.byteOffset,
      prepare: words,
      program: words + prepareBytes,
      prepareCount,
      programCount: program.count,
      samples: stagedSamples,
      labels: stagedLabels,
      targets: stagedTargets,
      order: 0,
      logits: stagedLogits,
      from: 0,
      to: count,
      batchSize,
      steps: stagedSteps,
    });
    this.#exports.run();
    requireAccepted(
      this.#view.getInt32(job + RUN_FIELDS.refusedOp, true),
      this.#view.getInt32(job + RUN_FIELDS.refusedCode, true),
    );
    totals.loss += this.#view.getFloat64(job + RUN_FIELDS.loss, true);
    totals.correct += this.#view.getFloat64(job + RUN_FIELDS.correct, true);
    logits?.set(new Float32Array(this.#bytes.buffer, stagedLogits, count * classes), (start - request.from) * classes);
  }

  #setFields(job: number, fields: Partial<Record<keyof typeof RUN_FIELDS, number>>): void {
    for (const [field, value] of Object.entries(fields)) {
      this.#view.setUint32(job + RUN_FIELDS[field as keyof typeof RUN_FIELDS], value, true);
    }
  }

  dispose(): void {}
}
