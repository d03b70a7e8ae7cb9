// Random valid QuantizedModels: linear chains, convolution chains, forks and residual blocks over all formats and odd sizes.
import { FORMAT_NAMES, type FormatName } from '@bitnetmcu/quant';
import type { AddNode } from '../ops/add.js';
import { NODE_OPS, type NodeOp, ops, type QuantizedNode } from '../ops/index.js';
import { randomLinear } from '../ops/linear.js';
import type { RandomSite, Unplaced } from '../ops/op-definition.js';
import { randomWindows } from '../ops/pool-windows.js';
import type { QuantizedModel } from '../quantized-model.js';
import { randomFeatures, randomMaps } from '../random/random-geometry.js';
import { randomWeights } from '../random/random-weights.js';
import { SeededRandom } from '../random/seeded-random.js';
import { ModelBuilder } from './model-builder.js';

/** What the generated models may contain. */
export interface ModelRestrictions {
  /** Operations that may occur; `linear` always may. Default: all. */
  readonly operations?: readonly NodeOp[];
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
  const operations = new Set<NodeOp>(restrictions.operations ?? NODE_OPS);
  const maxElements = restrictions.maxElements ?? 600;
  const spatial = operations.has('conv2d') && random.chance(0.65);
  const shape = spatial ? randomMaps(random, maxElements) : ([randomFeatures(random, maxElements)] as const);
  const name = `conformance-${seed}-${index}`;
  const hasStaticScales = operations.has('requantize') && random.chance(0.3);
  const builder = new ModelBuilder(name, shape, hasStaticScales);
  // Networks with static scales have no norms of their own, or some.
  if (hasStaticScales && random.chance(0.5)) for (const norm of NORMS) operations.delete(norm);
  // Tables, multipliers of sums, joins and choices are drawn from sequences of their own: models without one are what they would be without these.
  const tables = new SeededRandom(seed, index, SEQUENCE, 1);
  const joins = new SeededRandom(seed, index, SEQUENCE, 2);
  const choices = new SeededRandom(seed, index, SEQUENCE, 3);
  new Chain(
    builder,
    random,
    { tables, joins, choices },
    operations,
    restrictions.formats ?? FORMAT_NAMES,
    maxElements,
  ).build(spatial);
  return builder.model();
}

const NORMS = ['shiftNorm', 'maxAbsNorm'] as const;

/** Grows one model, always from its last tensor. */
class Chain {
  constructor(
    private readonly builder: ModelBuilder,
    private readonly random: SeededRandom,
    private readonly own: Readonly<Record<'tables' | 'joins' | 'choices', SeededRandom>>,
    private readonly operations: ReadonlySet<NodeOp>,
    private readonly formats: readonly FormatName[],
    private readonly maxElements: number,
  ) {}

  build(spatial: boolean): void {
    if (spatial) {
      if (this.random.chance(0.35)) this.channelPipeline();
      else this.maps();
      this.choice(0.15);
      if (this.random.chance(0.1) && this.builder.last.type === 'int32') return;
      if (this.operations.has('flatten') && this.random.chance(0.8)) this.push(ops.flatten.random(this.site));
      if (this.random.chance(0.03) && this.builder.last.type === 'int32') return;
    }
    if (this.builder.last.type === 'int32' && !this.normalize()) return;
    const hidden = this.random.integer(0, 3);
    for (let layer = 0; layer < hidden; layer++) {
      if (!this.joined()) this.linear(randomFeatures(this.random, Math.min(100, this.maxElements)));
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
    if (this.builder.push(conv) && this.operations.has('reluShift')) this.push(ops.reluShift.random(this.site));
  }

  private linear(outFeatures: number): void {
    this.push(ops.linear.random(this.site, outFeatures));
  }

  /** A layer of two or three parts in formats of their own, in one of ten places. */
  private joined(): boolean {
    const { builder, formats, operations, own } = this;
    if (!operations.has('concat') || builder.last.type !== 'int8' || !own.joins.chance(0.1)) return false;
    const site = { ...this.site, random: own.joins };
    const part = () => randomLinear(site, own.joins.pick(formats), own.joins.integer(1, 16), own.joins.integer(0, 1));
    return builder.joined(Array.from({ length: own.joins.integer(2, 3) }, part), { op: 'concat' });
  }

  private convolution(): void {
    const { random } = this;
    let overflows = false;
    for (const node of ops.conv2d.random(this.site)) {
      if (this.builder.push(node)) {
        if (random.chance(0.8)) this.activation();
        return;
      }
      overflows = true;
    }
    // Too large to convolve: bring it down, so that a later step can.
    if (overflows) this.activation();
  }

  /** Something that keeps numbers small after a convolution. */
  private activation(): void {
    const { random } = this;
    const choices = (['reluShift', 'reluShift', 'requantize', ...NORMS] as const).filter((op) =>
      this.operations.has(op),
    );
    if (choices.length === 0) return;
    const op = random.pick(choices);
    if (op === 'requantize') this.requantize(random.chance(0.7));
    else this.push(ops[op].random(this.site));
  }

  /** To int8, as a linear layer wants it. False where no allowed operation does that. */
  private normalize(): boolean {
    const { random } = this;
    this.choice(0.04);
    if (this.operations.has('topRelu') && this.own.tables.chance(0.07)) this.push(ops.topRelu.random(this.site));
    const norms = (['shiftNorm', ...NORMS] as const).filter((op) => this.operations.has(op));
    if (norms.length > 0 && !(this.operations.has('requantize') && random.chance(0.3))) {
      return this.push(ops[random.pick(norms)].random(this.site));
    }
    return this.operations.has('requantize') && this.requantize(true);
  }

  /** To int8 a table may follow. */
  private requantize(toInt8: boolean): boolean {
    const pushed = this.push(ops.requantize.random(this.site, toInt8));
    if (pushed && toInt8 && this.operations.has('lookup') && this.own.tables.chance(0.3)) {
      this.push(ops.lookup.random({ ...this.site, random: this.own.tables }));
    }
    if (pushed && toInt8 && this.operations.has('rmsNorm') && this.own.tables.chance(0.2)) {
      this.push(ops.rmsNorm.random({ ...this.site, random: this.own.tables }));
    }
    return pushed;
  }

  /** Some of the channels, by scores of the sample. */
  private choice(probability: number): void {
    const { builder, formats, operations, own } = this;
    const { shape } = builder.last;
    if (!operations.has('topGroups') || !own.choices.chance(probability)) return;
    const divisors = Array.from({ length: shape[0] }, (_, i) => i + 1).filter((n) => shape[0] % n === 0 && n <= 40);
    const groups = own.choices.pick(divisors);
    const site = { ...this.site, random: own.choices, ...builder.sample };
    const router = randomLinear(site, own.choices.pick(formats), groups, own.choices.integer(0, 1));
    builder.chosen(router, [...ops.topGroups.random(site, groups)][0]!);
  }

  private pool(): void {
    const choices = (['maxPool2d', 'maxPool2d', 'avgPool2d'] as const).filter((op) => this.operations.has(op));
    if (choices.length === 0) return;
    const windows = randomWindows(this.site);
    if (windows !== undefined) this.push(ops[this.random.pick(choices)].random(this.site, windows));
  }

  private crop(): void {
    this.push(ops.crop.random(this.site));
  }

  /** Of maps: two convolutions of the same tensor, what keeps the shape and the tensor itself, or the tensor twice. */
  private spatialSum(): void {
    const { builder, random } = this;
    const { shape, name } = builder.last;
    if (shape.length !== 3) return;
    const add = this.sum();
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
    const add = this.sum();
    if (before.shape.length === 1 && before.type === 'int8' && random.chance(0.2)) {
      const outFeatures = random.integer(1, 30);
      const linear = () => randomLinear(this.site, random.pick(this.formats), outFeatures, random.integer(0, 1));
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

  /** A sum, perhaps with a multiplier. */
  private sum(): Unplaced<AddNode> {
    const add = [...ops.add.random(this.site)][0]!;
    return this.own.tables.chance(0.4) ? { ...add, multiplier: this.own.tables.integer(-127, 127) } : add;
  }

  private get site(): RandomSite {
    const { random, formats, maxElements } = this;
    const { shape, type } = this.builder.last;
    return { random, shape, type, bounds: this.builder.lastBounds, formats, maxElements };
  }

  /** Appends the first of the nodes that does not overflow. False where none does. */
  private push(nodes: Iterable<Unplaced<QuantizedNode>>): boolean {
    for (const node of nodes) if (this.builder.push(node)) return true;
    return false;
  }
}
