// The plan under construction: arena, operations of the passes, parameters. Layers write into it, they know nothing else.
import type { NetworkSpec, Quantizer, Shape } from '@bitnetmcu/models';
import type { WeightFormat } from '@bitnetmcu/quant';
import type { ResolvedOptions } from '../compile-options.js';
import { splitParameter } from '../parameter-names.js';
import { Arena, type Region, rowStride } from './arena.js';
import type { Op, Operands, OpName } from './program.js';
import { featuresOf, type Tensor } from './tensor.js';

/** Where an operation runs. `both` is training and evaluation. */
export type Phase = 'both' | 'train' | 'evaluate';

interface PlannedOp {
  readonly op: Op;
  readonly phase: Phase;
  /** The same operation without fake quantization, where it differs; null leaves it out. */
  readonly float: Op | null;
}

/** Zeros and ones for a layer's weights: see CompileOptions. */
export interface Mask extends Region {
  /** Of the weights. */
  readonly rows: number;
  readonly columns: number;
}

/** A trainable tensor: contiguous in the arena, its gradient in rows of its own stride. */
export interface Parameter extends Region {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly gradient: number;
  readonly gradientStride: number;
  /** Whether weight decay applies: weights, not biases, norms and scales. */
  readonly decays: boolean;
  readonly rateFactor: number;
  /** A float that freezes the parameter while it is 0; 0: none. */
  readonly gate: number;
  /** What no gradient moves. Of a bias: the outputs without any weight. */
  readonly mask: Mask | null;
  /** Smallest and largest value, where there is one. */
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** Of the loss and not of the network: kept with the state. */
  readonly auxiliary?: boolean | undefined;
}

/** One, or one an output, each. */
export interface LearnedBitsParameters {
  readonly bits: Parameter;
  readonly exponent: Parameter;
}

/** A layer whose weights are fake-quantized, for clipping and statistics. */
export interface QuantizedLayer {
  readonly layer: string;
  readonly format: WeightFormat | null;
  readonly outputs: number;
  readonly weight: Parameter;
  readonly clip: Region | null;
  readonly mask: Mask | null;
  /** The clipping scalars as a trained parameter; null where they are not learned. */
  readonly learnedClip: Parameter | null;
  /** Bits and exponents in place of clipping scalars; null where they are not learned. */
  readonly learnedBits: LearnedBitsParameters | null;
  readonly quantizer: Quantizer;
  /** 1 while the optimizer moves a learned clipping scalar, 0 once it is frozen: part of the state; null where it never does. */
  readonly clipGate: Region | null;
  /** Two floats: positive outputs and outputs, in thousands, since the last evaluation began. */
  readonly positives: number;
}

export class PlanBuilder {
  readonly arena = new Arena();
  readonly parameters: Parameter[] = [];
  /** Untrained entries of TrainedNetwork.parameters: clipping scalars, running statistics. */
  readonly buffers = new Map<string, Region>();
  readonly state = new Map<string, Region>();
  readonly quantizedLayers: QuantizedLayer[] = [];
  /** One float: how strongly dampOscillations pulls in the steps that follow. */
  readonly damping: Region;
  readonly #passes = {
    weights: [] as PlannedOp[],
    forward: [] as PlannedOp[],
    backward: [] as PlannedOp[],
    update: [] as PlannedOp[],
  };
  readonly #backward: (() => void)[] = [];
  #frozenGate = 0;
  readonly #gradients = new Map<number, { readonly offset: number; written: boolean }>();

  constructor(
    readonly spec: NetworkSpec,
    readonly options: ResolvedOptions,
    /** Most threads that will run the plan: each has its own scratch memory. */
    readonly threads: number,
  ) {
    this.damping = { offset: this.arena.allocate(1), length: 1 };
  }

  /** Appends an operation to a pass; `float` overrides operands (or drops the operation) while fake quantization is off. */
  emit<Name extends OpName>(
    pass: 'weights' | 'forward' | 'backward' | 'update',
    name: Name,
    operands: Operands<Name>,
    { phase = 'both', float }: { phase?: Phase; float?: Partial<Operands<Name>> | null } = {},
  ): void {
    const op = { name, operands } as Op;
    this.#passes[pass].push({
      op,
      phase,
      float: float === null ? null : float === undefined ? op : ({ name, operands: { ...operands, ...float } } as Op),
    });
  }

  /** Registers what a layer does in the backward pass; the last registered comes first. */
  onBackward(emit: () => void): void {
    this.#backward.push(emit);
  }

  emitBackward(): void {
    for (const emit of this.#backward.reverse()) emit();
  }

  program(
    passes: readonly ('weights' | 'forward' | 'backward' | 'update')[],
    phase: 'train' | 'evaluate',
    quantized: boolean,
  ): Op[] {
    return passes.flatMap((pass) =>
      this.#passes[pass]
        .filter((planned) => planned.phase === 'both' || planned.phase === phase)
        .map((planned) => (quantized ? planned.op : planned.float))
        .filter((op) => op !== null),
    );
  }

  /** Floats for each sample of a batch. */
  allocateRows(stride: number): number {
    return this.arena.allocate(this.options.batchSize * stride);
  }

  tensor(shape: Shape, properties: Pick<Tensor, 'needsGradient' | 'readers' | 'unit'>): Tensor {
    const features = featuresOf(shape);
    const stride = rowStride(features);
    return { shape, features, stride, offset: this.allocateRows(stride), ...properties };
  }

  parameter(
    name: string,
    [rows, columns]: readonly [number, number],
    initial: ArrayLike<number>,
    {
      decays = false,
      rateFactor = 1,
      gate = 0,
      mask = null,
      minimum,
      maximum,
      auxiliary,
    }: Partial<Pick<Parameter, 'decays' | 'rateFactor' | 'gate' | 'mask' | 'minimum' | 'maximum' | 'auxiliary'>> = {},
  ): Parameter {
    const gradientStride = rows === 1 ? columns : rowStride(columns);
    const parameter: Parameter = {
      name,
      rows,
      columns,
      offset: this.arena.allocate(rows * columns, initial),
      length: rows * columns,
      gradient: this.arena.allocate(rows * gradientStride),
      gradientStride,
      decays,
      rateFactor,
      gate: !auxiliary && this.isFrozen(splitParameter(name).layer) ? this.#closedGate() : gate,
      mask,
      minimum,
      maximum,
      auxiliary,
    };
    this.parameters.push(parameter);
    return parameter;
  }

  /** Whether the optimizer leaves a layer as it is. */
  isFrozen(layer: string): boolean {
    return this.options.frozen.includes(layer);
  }

  /** A float that stays 0. */
  #closedGate(): number {
    this.#frozenGate ||= this.arena.allocate(1);
    return this.#frozenGate;
  }

  /** An entry of TrainedNetwork.parameters that the optimizer does not move. */
  buffer(name: string, initial: ArrayLike<number>): Region {
    const region = { offset: this.arena.allocate(initial.length, initial), length: initial.length };
    this.buffers.set(name, region);
    return region;
  }

  /** Where dL/d(tensor) is, once every reader has added its part. */
  gradientOf(tensor: Tensor): number {
    return this.#gradient(tensor).offset;
  }

  /**
   * Lets a reader write its part of dL/d(tensor): `write` gets the place (same stride as the tensor) and overwrites it.
   * With several readers the parts are added up.
   */
  addGradient(tensor: Tensor, write: (gradient: number) => void): void {
    const gradient = this.#gradient(tensor);
    if (!gradient.written) {
      gradient.written = true;
      write(gradient.offset);
      return;
    }
    const part = this.allocateRows(tensor.stride);
    write(part);
    this.emit('backward', 'addTensors', {
      input: part,
      inputStride: tensor.stride,
      output: gradient.offset,
      outputStride: tensor.stride,
      features: tensor.features,
    });
  }

  #gradient(tensor: Tensor): { readonly offset: number; written: boolean } {
    let gradient = this.#gradients.get(tensor.offset);
    if (gradient === undefined) {
      gradient = { offset: this.allocateRows(tensor.stride), written: false };
      this.#gradients.set(tensor.offset, gradient);
    }
    return gradient;
  }
}
