// What runs programs: the addon or the WebAssembly module. Knows memory and programs, no network.
import type { EngineInfo } from './engine.js';

/** A program as encodeProgram makes it: `prepareCount` operations run once, the others for every batch. */
export interface Program {
  readonly words: Int32Array;
  readonly prepareCount: number;
  readonly count: number;
}

/** One run over the samples at positions [from, to) of `order`. */
export interface RunRequest {
  readonly program: Program;
  /** count·features bytes. */
  readonly samples: Uint8Array;
  readonly labels: Uint16Array;
  /** count·targetWidth numbers that the loss compares with. */
  readonly targets?: Float32Array | undefined;
  /** Sample numbers by position; absent: the position is the number. */
  readonly order?: Uint32Array | undefined;
  /** (to − from)·classes logits are written. */
  readonly logits?: Float32Array | undefined;
  readonly from: number;
  readonly to: number;
  readonly batchSize: number;
  /** 4 floats a batch: learning rate, 1/(1 − beta1^t), 1/(1 − beta2^t), t. Absent in evaluation. */
  readonly steps?: Float32Array | undefined;
  readonly features: number;
  readonly classes: number;
  readonly targetWidth: number;
}

export interface RunTotals {
  loss: number;
  correct: number;
}

/** The arena of one network. */
export interface ComputeMemory {
  /** The arena: stays valid as long as the network. */
  readonly arena: Float32Array;
  run(request: RunRequest): RunTotals;
  dispose(): void;
}

/** What a network needs of its memory. */
export interface MemoryNeeds {
  /** Of the arena. */
  readonly floats: number;
  /** Of the longest program. */
  readonly programBytes: number;
  /** Of requests. */
  readonly batchSize: number;
  readonly features: number;
  readonly classes: number;
  readonly targetWidth: number;
}

export interface ComputeBackend {
  readonly info: EngineInfo;
  /** @throws TrainerError `out-of-memory` */
  createMemory(needs: MemoryNeeds): ComputeMemory;
}

/** What memory errors call the network, and what they advise. */
export function describeNeeds({ batchSize }: MemoryNeeds): { what: string; remedy: string } {
  return {
    what: `Training this network with batches of ${batchSize}`,
    remedy: 'use a smaller batch size, or smaller or fewer layers',
  };
}
