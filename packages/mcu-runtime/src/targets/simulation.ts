// What a simulation tells: sizes, cycles, layers.
import type { LayoutName } from '../layout/layouts.js';
import type { InstructionMix } from '../sim/profile.js';
import type { SimulatedLayer } from './layer-cycles.js';
import type { PlainLayer } from './plain-layers.js';
import type { ProfileSummary } from './profile-sum.js';

/** What the smallest firmware of a model takes of a part (firmware-facts.ts), in bytes. */
export interface MemoryUse {
  /** `built`: measured on linked firmware. `estimated`: from the sizes of prebuilt functions, where no compiler has built it. */
  readonly basis: 'built' | 'estimated';
  readonly flash: {
    /** Everything but the weights: start-up code, board, self-test, kernels and the calls of them. */
    readonly code: number;
    /** The model's tables: packed weights, output shifts and biases. */
    readonly weights: number;
    /** What the part has. */
    readonly available: number;
  };
  readonly ram: {
    /** Input, activations, logits, and what runs from RAM. */
    readonly static: number;
    /** Deepest extent of the stack; `undefined` where the program could not run. */
    readonly stack: number | undefined;
    readonly available: number;
  };
}

interface OnTarget extends MemoryUse {
  readonly target: string;
  /** Name of the kernels. */
  readonly kernels: string;
  /** How they read weights. */
  readonly layout: LayoutName;
  readonly clockHz: number;
}

/** The part's memories are too small. */
export interface DoesNotFit extends OnTarget {
  readonly kind: 'does-not-fit';
  /** Bytes that are missing; 0 where that memory is large enough. */
  readonly missing: { readonly flash: number; readonly ram: number };
}

/** Mean and maximum over the samples, and the dense worst case (dense-worst-case.ts), never below the maximum. */
export interface Costs {
  readonly mean: number;
  readonly max: number;
  readonly worst: number;
}

export interface Simulated extends OnTarget {
  readonly kind: 'simulated';
  readonly images: number;
  /** Class of each sample: the first maximum of its logits as the part computes it, or the sign of a single one. */
  readonly predictions: Uint16Array;
  /** One sample after another; equal to the reference inference. */
  readonly logits: Int32Array;
  readonly cycles: Costs;
  /** At the target's clock. */
  readonly milliseconds: Costs;
  /** Mean number of instructions of a sample. */
  readonly instructions: number;
  readonly layers: readonly SimulatedLayer[];
  /** Of the layers with weights those that run on plain kernels, many times slower than fast ones, with what would give them such. */
  readonly plainLayers: readonly PlainLayer[];
  /** Of all samples together. */
  readonly mix: InstructionMix;
  /** Of all samples together; present where asked for. */
  readonly profile?: ProfileSummary;
}

export type Simulation = Simulated | DoesNotFit;

/** How many bytes are missing. */
export function missingBytes({ flash, ram }: MemoryUse): DoesNotFit['missing'] {
  return {
    flash: Math.max(0, flash.code + flash.weights - flash.available),
    ram: Math.max(0, ram.static + (ram.stack ?? 0) - ram.available),
  };
}
