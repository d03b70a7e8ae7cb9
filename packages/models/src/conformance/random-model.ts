// Random valid QuantizedModels: linear chains, convolution chains and residual blocks over all formats and odd sizes.
import { FORMAT_NAMES, type FormatName } from '@bitnetmcu/quant';
import type { QuantizedModel, QuantizedNode, Shape } from '../quantized-model.js';
import { elementCount } from '../tensor-shape.js';
import { ModelBuilder } from './model-builder.js';
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

/** Model number `index` of the sequence that `seed` gives; the same on every machine. */
export function conformanceModel(seed: number, index: number, restrictions: ModelRestrictions = {}): QuantizedModel {
  const random = new SeededRandom(seed, index);
  const operations = new Set<Operation>(restrictions.operations ?? ALL_OPERATIONS);
  const maxElements = restrictions.maxElements ?? 600;
  const spatial = operations.has('conv2d') && random.chance(0.6);
  const shape = spatial ? randomMaps(random, maxElements) : ([randomFeatures(random, maxElements)] as const);
  const name = `conformance-${seed}-${index}`;
  const builder = new ModelBuilder(name, shape, random.chance(0.2));
  new Chain(builder, random, operations, restrictions.formats ?? FORMAT_NAMES, maxElements).build(spatial);
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
  'maxPool2d',
  'avgPool2d',
  'crop',
  'flatten',
  'add',
] as const satisfies readonly Operation[];

/** Grows one model, always from its last tensor. */
class Chain {
  constructor(
    private readonly builder: ModelBuilder,
    private readonly random: SeededRandom,
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
    }
    if (this.builder.last.type === 'int32' && !this.normalize()) return;
    const hidden = this.random.integer(0, 3);
    for (let layer = 0; layer < hidden; layer++) {
      this.linear(randomFeatures(this.random, Math.min(100, this.maxElements)));
      if (!this.normalize()) return;
      if (this.operations.has('add') && this.random.chance(0.4)) this.residual();
    }
    this.linear(this.random.integer(2, 26));
  }

  /** Convolutions, pools and crops while there is room. */
  private maps(): void {
    const steps = this.random.integer(1, 7);
    if (this.operations.has('crop') && this.random.chance(0.25)) this.crop();
    this.convolution();
    for (let step = 0; step < steps; step++) {
      if (this.random.chance(0.45)) this.convolution();
      else if (this.random.chance(0.8)) this.pool();
      else if (this.operations.has('crop')) this.crop();
      else if (this.operations.has('add')) this.residual();
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
    const padding = random.chance(0.3) ? ([random.integer(0, 2), random.integer(0, 2)] as const) : ([0, 0] as const);
    const [paddedHeight, paddedWidth] = [height + 2 * padding[0], width + 2 * padding[1]];
    const kernel = [
      Math.min(paddedHeight, random.pick([1, 2, 3, 3, 3, 5])),
      Math.min(paddedWidth, random.pick([1, 3, 3, 3, 4, 9])),
    ] as const;
    const stride = random.chance(0.75) ? ([1, 1] as const) : ([random.integer(1, 3), random.integer(1, 2)] as const);
    const groups = random.pick([1, inChannels, inChannels, random.pick(divisors(inChannels))]);
    const room = Math.max(1, Math.floor(this.maxElements / (paddedHeight * paddedWidth * groups)));
    const outChannels = groups * random.integer(1, Math.min(room, groups === 1 ? 6 : 2));
    if (outChannels * paddedHeight * paddedWidth > this.maxElements) return;
    const format = random.pick(this.formats);
    const columns = (inChannels / groups) * kernel[0] * kernel[1];
    for (let level = random.integer(0, 2); level >= 0; level--) {
      const weights = randomWeights(random, format, outChannels, columns, level);
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
    const choices = (['reluShift', 'reluShift', 'requantize', 'shiftNorm', 'maxAbsNorm'] as const).filter((op) =>
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

  /** ReLU and a shift that leaves 6 to 20 bits. */
  private shiftRight(): void {
    if (!this.operations.has('reluShift')) return;
    const bits = Math.ceil(Math.log2(Math.max(1, this.builder.lastBounds.max)));
    this.builder.push({ op: 'reluShift', shift: Math.max(0, bits - this.random.integer(6, 20)) });
  }

  /** To int8, as a linear layer wants it. False where no allowed operation does that. */
  private normalize(): boolean {
    const { random } = this;
    const norms = (['shiftNorm', 'shiftNorm', 'maxAbsNorm'] as const).filter((op) => this.operations.has(op));
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
    const shift = Math.max(0, Math.min(30, bits - random.integer(7, 11)));
    const limit = toInt8 ? 127 : random.integer(128, 2 ** random.integer(8, 20));
    const low = random.pick([0, 0, 0, -limit - 1, -limit - 1, -random.integer(0, limit)]);
    const high = random.pick([limit, limit, limit, limit, random.integer(Math.ceil(limit / 2), limit)]);
    return this.builder.push({ op: 'requantize', shift, min: low, max: high });
  }

  private pool(): void {
    const { shape } = this.builder.last;
    const choices = (['maxPool2d', 'maxPool2d', 'avgPool2d'] as const).filter((op) => this.operations.has(op));
    if (shape.length !== 3 || choices.length === 0) return;
    const { random } = this;
    const [, height, width] = shape;
    const square = random.pick([2, 2, 2, 3, 4]);
    const size = random.chance(0.6)
      ? ([Math.min(height, square), Math.min(width, square)] as const)
      : ([random.integer(1, Math.min(4, height)), random.integer(1, Math.min(9, width))] as const);
    // A window of one is legal and does nothing: rarely.
    if (size[0] * size[1] === 1 && random.chance(0.8)) return;
    const stride = random.chance(0.75) ? size : ([random.integer(1, 3), random.integer(1, 3)] as const);
    const padding = random.chance(0.7)
      ? ([0, 0] as const)
      : ([random.integer(0, size[0] - 1), random.integer(0, size[1] - 1)] as const);
    const outputs = [0, 1].map((axis) => (shape[axis + 1]! + 2 * padding[axis]! - size[axis]!) / stride[axis]! + 1);
    if (shape[0] * outputs[0]! * outputs[1]! > this.maxElements) return;
    const op = random.pick(choices);
    if (op === 'maxPool2d') this.builder.push({ op, size, stride, padding });
    else this.builder.push({ op, size, stride, padding, countIncludePad: random.chance(0.5) });
  }

  private crop(): void {
    const { shape } = this.builder.last;
    if (shape.length !== 3) return;
    const [, rows, columns] = shape;
    const height = this.random.integer(Math.ceil(rows / 2), rows);
    const width = this.random.integer(Math.ceil(columns / 2), columns);
    const top = this.random.integer(0, rows - height);
    const left = this.random.integer(0, columns - width);
    this.builder.push({ op: 'crop', top, left, height, width });
  }

  /** y = normalize(x + f(x)) with f a linear layer, or x + x. */
  private residual(): void {
    const { builder, random } = this;
    const before = builder.last;
    if (before.shape.length === 1 && before.type === 'int8' && random.chance(0.8)) {
      this.linear(before.shape[0]);
      if (random.chance(0.5)) this.normalize();
    }
    const leftShift = [random.integer(0, 3), random.integer(0, 3)] as const;
    builder.push({ op: 'add', leftShift }, before.name);
    if (builder.last.type === 'int32' && builder.last.shape.length === 1) this.normalize();
  }
}

function randomFeatures(random: SeededRandom, limit: number): number {
  const [min, max] = random.pick([
    [1, 9],
    [6, 40],
    [6, 40],
    [6, 40],
    [20, 300],
  ] as const);
  return Math.min(limit, random.integer(min, max));
}

function randomMaps(random: SeededRandom, limit: number): Shape {
  const height = random.pick([1, random.integer(2, 8), random.integer(3, 12), 8, 16]);
  const width = random.integer(3, 16);
  const fitting = Math.max(1, Math.floor(limit / (height * width)));
  const shape = [random.integer(1, Math.min(3, fitting)), height, width] as const;
  return elementCount(shape) <= limit ? shape : [1, 3, Math.max(1, Math.floor(limit / 3))];
}

function divisors(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);
}
