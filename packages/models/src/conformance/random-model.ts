// Random valid QuantizedModels: linear chains, convolution chains, forks and residual blocks over all formats and odd sizes.
import { FORMAT_NAMES, type FormatName } from '@bitnetmcu/quant';
import type { QuantizedModel, QuantizedNode } from '../quantized-model.js';
import { elementCount } from '../tensor-shape.js';
import { ModelBuilder } from './model-builder.js';
import {
  divisors,
  randomCrop,
  randomFeatures,
  randomKernel,
  randomMaps,
  randomPool,
  windowsOver,
} from './random-geometry.js';
import { randomWeights } from './random-weights.js';
import { SeededRandom } from './seeded-random.js';

export type Operation = QuantizedNode['op'];

/** What the generated models may contain. */
export interface ModelRestrictions {
  /** Operations that may occur; `linear` always may. Default: all. */
  readonly operations?: readonly Operation[];
  /** Default: all. */
  readonly formats?: readonly FormatName[];
  /** Elements of the largest tensor, at least 16. Default 600. */
  readonly maxElements?: number;
}

/** Part of every seed; of this sequence the model that the tests of firmware name (5, 3) fits the smallest part. */
const SEQUENCE = 2816;

/**
 * Model number `index` of the sequence that `seed` gives; the same on every machine.
 *
 * @example
 * ```ts
 * import { conformanceModel } from '@bitnetmcu/models/conformance';
 *
 * const model = conformanceModel(1, 7); // the 7th network of seed 1, always the same
 * ```
 */
export function conformanceModel(seed: number, index: number, restrictions: ModelRestrictions = {}): QuantizedModel {
  const random = new SeededRandom(seed, index, SEQUENCE);
  const operations = new Set<Operation>(restrictions.operations ?? ALL_OPERATIONS);
  const maxElements = restrictions.maxElements ?? 600;
  const spatial = operations.has('conv2d') && random.chance(0.65);
  const shape = spatial ? randomMaps(random, maxElements) : ([randomFeatures(random, maxElements)] as const);
  const name = `conformance-${seed}-${index}`;
  const hasStaticScales = operations.has('requantize') && random.chance(0.3);
  const builder = new ModelBuilder(name, shape, hasStaticScales);
  // Networks with static scales have no norms of their own, or some.
  if (hasStaticScales && random.chance(0.5)) for (const norm of NORMS) operations.delete(norm);
  // Tables are drawn from a sequence of their own: models without one are what they would be without tables.
  const tables = new SeededRandom(seed, index, SEQUENCE, 1);
  new Chain(builder, random, tables, operations, restrictions.formats ?? FORMAT_NAMES, maxElements).build(spatial);
  return builder.model();
}

/** Every operation of a QuantizedModel. */
export const ALL_OPERATIONS = [
  'linear',
  'conv2d',
  'shiftNorm',
  'maxAbsNorm',
  'reluShift',
  'requantize',
  'lookup',
  'maxPool2d',
  'avgPool2d',
  'crop',
  'flatten',
  'add',
] as const satisfies readonly Operation[];

const NORMS = ['shiftNorm', 'maxAbsNorm'] as const;

/** Grows one model, always from its last tensor. */
class Chain {
  constructor(
    private readonly builder: ModelBuilder,
    private readonly random: SeededRandom,
    private readonly tables: SeededRandom,
    private readonly operations: ReadonlySet<Operation>,
    private readonly formats: readonly FormatName[],
    private readonly maxElements: number,
  ) {}

  build(spatial: boolean): void {
    if (spatial) {
      if (this.random.chance(0.35)) this.channelPipeline();
      else this.maps();
      if (this.random.chance(0.1) && this.builder.last.type === 'int32') return;
      if (this.operations.has('flatten') && this.random.chance(0.8)) this.builder.push({ op: 'flatten' });
      if (this.random.chance(0.03) && this.builder.last.type === 'int32') return;
    }
    if (this.builder.last.type === 'int32' && !this.normalize()) return;
    const hidden = this.random.integer(0, 3);
    for (let layer = 0; layer < hidden; layer++) {
      this.linear(randomFeatures(this.random, Math.min(100, this.maxElements)));
      if (!this.normalize()) return;
      if (this.operations.has('add') && this.random.chance(0.4)) this.residual();
      if (this.builder.last.type === 'int32' && !this.normalize()) return;
    }
    this.linear(this.random.pick([this.random.integer(2, 26), this.random.integer(2, 26), 1]));
  }

  /** Convolutions, pools, crops and sums while there is room. */
  private maps(): void {
    const { operations, random } = this;
    const steps = random.integer(1, 7);
    if (operations.has('crop') && random.chance(0.25)) this.crop();
    // Pools of the sample itself.
    if (random.chance(0.1)) this.pool();
    this.convolution();
    for (let step = 0; step < steps; step++) {
      if (random.chance(0.4)) this.convolution();
      else if (random.chance(0.65)) this.pool();
      else if (operations.has('crop') && random.chance(0.5)) this.crop();
      else if (operations.has('add')) this.spatialSum();
    }
  }

  /** The chain that the C runtime runs channel by channel: a convolution, then depthwise ones and pools, unpadded. */
  private channelPipeline(): void {
    const { random } = this;
    const steps = random.integer(1, 4);
    this.unpadded(random.integer(1, 9), 1);
    for (let step = 0; step < steps; step++) {
      if (random.chance(0.4)) this.pool();
      else this.unpadded(this.builder.last.shape[0], this.builder.last.shape[0]);
    }
  }

  /** A 3×3 convolution (smaller on small maps) with ReLU and shift. */
  private unpadded(outChannels: number, groups: number): void {
    const { shape } = this.builder.last;
    if (shape.length !== 3) return;
    const [inChannels, height, width] = shape;
    if (outChannels * height * width > this.maxElements) return;
    const kernel = [Math.min(3, height), Math.min(3, width)] as const;
    const format = this.random.chance(0.5) && this.formats.includes('8bit') ? '8bit' : this.random.pick(this.formats);
    const weights = randomWeights(this.random, format, outChannels, (inChannels / groups) * kernel[0] * kernel[1], 0);
    const conv = {
      op: 'conv2d',
      inChannels,
      outChannels,
      kernel,
      stride: [1, 1],
      padding: [0, 0],
      groups,
      weights,
    } as const;
    if (this.builder.push(conv)) this.shiftRight();
  }

  private linear(outFeatures: number): void {
    const inFeatures = elementCount(this.builder.last.shape);
    const format = this.random.pick(this.formats);
    for (let level = this.random.integer(0, 2); level >= 0; level--) {
      const weights = randomWeights(this.random, format, outFeatures, inFeatures, level);
      if (this.builder.push({ op: 'linear', inFeatures, outFeatures, weights })) return;
    }
  }

  private convolution(): void {
    const { shape } = this.builder.last;
    if (shape.length !== 3) return;
    const [inChannels, height, width] = shape;
    const { random } = this;
    const { size: kernel, stride, padding } = randomKernel(random, [height, width]);
    const [rows, columns] = windowsOver([height, width], { size: kernel, stride, padding });
    const groups = random.pick([1, inChannels, inChannels, random.pick(divisors(inChannels))]);
    const room = Math.max(1, Math.floor(this.maxElements / (rows * columns * groups)));
    const outChannels = groups * random.integer(1, Math.min(room, groups === 1 ? 6 : 3));
    if (outChannels * rows * columns > this.maxElements) return;
    const format = random.pick(this.formats);
    const taps = (inChannels / groups) * kernel[0] * kernel[1];
    for (let level = random.integer(0, 2); level >= 0; level--) {
      const weights = randomWeights(random, format, outChannels, taps, level);
      if (this.builder.push({ op: 'conv2d', inChannels, outChannels, kernel, stride, padding, groups, weights })) {
        if (random.chance(0.8)) this.activation();
        return;
      }
    }
    // Too large to convolve: bring it down, so that a later step can.
    this.activation();
  }

  /** Something that keeps numbers small after a convolution. */
  private activation(): void {
    const { random } = this;
    const choices = (['reluShift', 'reluShift', 'requantize', ...NORMS] as const).filter((op) =>
      this.operations.has(op),
    );
    if (choices.length === 0) return;
    const op = random.pick(choices);
    if (op === 'reluShift') {
      this.shiftRight();
    } else if (op === 'shiftNorm' || op === 'maxAbsNorm') {
      this.builder.push({ op, activation: 'relu' });
    } else {
      this.requantize(random.chance(0.7));
    }
  }

  /** ReLU and a shift that leaves 6 to 20 bits, rarely any shift. */
  private shiftRight(): void {
    if (!this.operations.has('reluShift')) return;
    const bits = Math.ceil(Math.log2(Math.max(1, this.builder.lastBounds.max)));
    const any = this.random.chance(0.02);
    const shift = any ? this.random.integer(0, 30) : Math.max(0, bits - this.random.integer(6, 20));
    this.builder.push({ op: 'reluShift', shift });
  }

  /** To int8, as a linear layer wants it. False where no allowed operation does that. */
  private normalize(): boolean {
    const { random } = this;
    const norms = (['shiftNorm', ...NORMS] as const).filter((op) => this.operations.has(op));
    if (norms.length > 0 && !(this.operations.has('requantize') && random.chance(0.3))) {
      this.builder.push({ op: random.pick(norms), activation: 'relu' });
      return true;
    }
    return this.operations.has('requantize') && this.requantize(true);
  }

  private requantize(toInt8: boolean): boolean {
    const { random } = this;
    const { min, max } = this.builder.lastBounds;
    const bits = Math.ceil(Math.log2(Math.max(1, max, -min)));
    // Few values come near the bounds.
    const kept = random.chance(0.5) ? random.integer(7, 11) : random.integer(10, 16);
    const shift = Math.max(0, Math.min(30, bits - kept));
    const limit = toInt8 ? 127 : random.integer(128, 2 ** random.integer(8, 20));
    const low = random.pick([0, 0, 0, -limit - 1, -limit - 1, -random.integer(0, limit)]);
    const high = random.pick([limit, limit, limit, limit, random.integer(Math.ceil(limit / 2), limit)]);
    const pushed = this.builder.push({ op: 'requantize', shift, min: low, max: high });
    if (pushed && toInt8 && this.operations.has('lookup') && this.tables.chance(0.3)) this.lookup();
    return pushed;
  }

  /** A table of a function, of one value, or of any. */
  private lookup(): void {
    const { tables } = this;
    const kind = tables.integer(0, 11);
    const slope = tables.integer(1, 12);
    const entry = (x: number): number => {
      if (kind === 0) return slope;
      if (kind <= 3) return tables.integer(-128, 127);
      return x >= 0 ? x : -Math.floor(-x / slope);
    };
    this.builder.push({ op: 'lookup', table: Array.from({ length: 256 }, (_, i) => entry(i - 128)) });
  }

  private pool(): void {
    const { shape } = this.builder.last;
    const choices = (['maxPool2d', 'maxPool2d', 'avgPool2d'] as const).filter((op) => this.operations.has(op));
    if (shape.length !== 3 || choices.length === 0) return;
    const { random } = this;
    const [channels, height, width] = shape;
    const windows = randomPool(random, [height, width]);
    // A window of one is legal and does nothing: rarely.
    if (windows.size[0] * windows.size[1] === 1 && random.chance(0.8)) return;
    const [rows, columns] = windowsOver([height, width], windows);
    if (channels * rows * columns > this.maxElements) return;
    const op = random.pick(choices);
    if (op === 'maxPool2d') this.builder.push({ op, ...windows });
    else this.builder.push({ op, ...windows, countIncludePad: random.chance(0.5) });
  }

  private crop(): void {
    const { shape } = this.builder.last;
    if (shape.length === 3) this.builder.push({ op: 'crop', ...randomCrop(this.random, [shape[1], shape[2]]) });
  }

  /** Of maps: two convolutions of the same tensor, what keeps the shape and the tensor itself, or the tensor twice. */
  private spatialSum(): void {
    const { builder, random } = this;
    const { shape, name } = builder.last;
    if (shape.length !== 3) return;
    const add = { op: 'add', leftShift: this.leftShift() } as const;
    const kind = random.integer(0, 2);
    if (kind === 0) {
      const outChannels = Math.min(4, Math.floor(this.maxElements / (shape[1] * shape[2])));
      if (outChannels > 0) builder.fork(this.keeping(outChannels), this.keeping(outChannels), add);
    } else if (kind === 1) {
      if (builder.push(this.keeping(shape[0]))) builder.push(add, name);
    } else {
      builder.push(add, name);
    }
    if (builder.last.type === 'int32' && random.chance(0.7)) this.activation();
  }

  /** A convolution that leaves the size of its maps. */
  private keeping(outChannels: number) {
    const { random } = this;
    const [inChannels] = this.builder.last.shape;
    const padding = [random.integer(0, 1), random.integer(0, 2)] as const;
    const kernel = [2 * padding[0] + 1, 2 * padding[1] + 1] as const;
    const groups = outChannels === inChannels && random.chance(0.5) ? inChannels : 1;
    const columns = (inChannels / groups) * kernel[0] * kernel[1];
    const weights = randomWeights(random, random.pick(this.formats), outChannels, columns, random.integer(0, 1));
    return { op: 'conv2d', inChannels, outChannels, kernel, stride: [1, 1], padding, groups, weights } as const;
  }

  /** y = normalize(x + f(x)) with f a linear layer, two linear layers of x, or x + x. */
  private residual(): void {
    const { builder, random } = this;
    const before = builder.last;
    const add = { op: 'add', leftShift: this.leftShift() } as const;
    if (before.shape.length === 1 && before.type === 'int8' && random.chance(0.2)) {
      const [inFeatures] = before.shape;
      const outFeatures = random.integer(1, 30);
      const linear = () => {
        const weights = randomWeights(random, random.pick(this.formats), outFeatures, inFeatures, random.integer(0, 1));
        return { op: 'linear', inFeatures, outFeatures, weights } as const;
      };
      builder.fork(linear(), linear(), add);
    } else {
      if (before.shape.length === 1 && before.type === 'int8' && random.chance(0.8)) {
        this.linear(before.shape[0]);
        if (random.chance(0.5)) this.normalize();
      }
      builder.push(add, before.name);
    }
    if (builder.last.type === 'int32' && builder.last.shape.length === 1) this.normalize();
  }

  private leftShift(): readonly [number, number] {
    const { random } = this;
    return random.chance(0.05)
      ? [random.integer(0, 15), random.integer(0, 15)]
      : [random.integer(0, 3), random.integer(0, 3)];
  }
}
