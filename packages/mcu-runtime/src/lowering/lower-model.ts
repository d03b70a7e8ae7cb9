// QuantizedModel → Program: which kernels run in which order on which buffers.
import {
  type QuantizedModel,
  type QuantizedNode,
  type ResolvedNode,
  type Shape,
  validateQuantizedModel,
} from '@bitnetmcu/models';
import { elementCount, INPUT, type TensorType } from '@bitnetmcu/models/internal';
import type { ConvChainKernel, WeightLayout } from '../layout/weight-layout.js';
import {
  type Choice,
  channelChains,
  choiceBehind,
  type NodeGroup,
  readersOf,
  shiftNormBehind,
} from './channel-chains.js';
import { checkSteps } from './check-steps.js';
import { type ConvChain, convChainAt, convChainMacs, convChainScratch, packConvChain } from './conv-chain.js';
import { withOneTernaryTechnique } from './conv-layer.js';
import { buildConvNorm, convNormAt } from './conv-norm.js';
import { buildConvPatches, paysAsPatches } from './conv-patches.js';
import { convRequantizeOf } from './conv-requantize.js';
import { joinParts } from './join-parts.js';
import { checkCount } from './limits.js';
import { lowerChain, type PlaneNorm } from './lower-chain.js';
import { loweringOf } from './lowerings.js';
import { planeBytes, planeOf, type Tensor } from './node-lowering.js';
import type { ChosenChannels, Program, Step } from './program.js';
import { type Buffer, ELEMENT_BYTES } from './step.js';
import { flattenedSource, tensorsOfSample } from './tensor-sources.js';
import { choosingStep } from './top-groups.js';

/**
 * Lowers a model. With `everyTensor` each node runs on its own into a buffer of its own, so that all of them can be read afterwards.
 * @throws ModelError what `validateQuantizedModel` throws
 * @throws RuntimeError `model-too-large`
 */
export function lowerModel(
  model: QuantizedModel,
  layout: WeightLayout,
  { everyTensor }: { readonly everyTensor: boolean },
): Program {
  const nodes = validateQuantizedModel(model);
  const lowering = new Lowering(model, nodes, layout);
  const groups = everyTensor ? nodes.map((node): NodeGroup => [node]) : channelChains(nodes);
  const readers = readersOf(nodes);
  const done = new Set<ResolvedNode>();
  // Chains whose channels are chosen, by the node that does it: they run when the scores are known.
  const waiting = new Map<ResolvedNode, readonly [Choice, NodeGroup]>();
  for (const group of groups) {
    const [first] = group;
    if (done.has(first)) continue;
    const choice = everyTensor ? undefined : choiceBehind(group, readers);
    if (choice !== undefined) {
      waiting.set(choice, [choice, group]);
      continue;
    }
    const chosen = waiting.get(first);
    const fused = chosen ? lowering.chosenChain(...chosen, readers) : !everyTensor && lowering.fused(group, readers);
    if (fused) for (const node of fused) done.add(node);
    else lowering.group(group);
  }
  return lowering.finish(everyTensor);
}

class Lowering {
  private readonly steps: Step[] = [];
  private readonly inPlace: [Buffer, Buffer][] = [];
  private readonly tensors = new Map<string, Tensor>();
  /** Tensors with the sample's background. */
  private readonly ofSample: ReadonlySet<string>;
  /** Buffers that could be part of a larger one: their maker writes just them. */
  private readonly joinable = new Set<Buffer>();
  private readonly last: ResolvedNode;
  private readonly layout: WeightLayout;
  /** The node whose output is the logits: the last one, or what it flattens. */
  private readonly logits: string;

  constructor(model: QuantizedModel, nodes: readonly ResolvedNode[], layout: WeightLayout) {
    const { shape } = model.input;
    this.tensors.set(INPUT, { buffer: { place: 'input', bytes: elementCount(shape) }, element: 'int8', shape });
    this.ofSample = tensorsOfSample(nodes);
    const linear = model.nodes.flatMap((node) => (node.op === 'linear' ? [node.weights] : []));
    const own = withOneTernaryTechnique(layout, nodes);
    this.layout = linear.length > 0 && own.linearOf ? { ...own, linear: own.linearOf(linear) } : own;
    this.last = nodes.at(-1)!;
    this.logits = flattenedSource(nodes, this.last);
  }

  group(nodes: NodeGroup): void {
    const [first] = nodes;
    const { whole } = loweringOf(first.node);
    const isChain = nodes.length > 1 || loweringOf(first.node).perChannel(first.node);
    if (whole === undefined || isChain) this.chain(nodes);
    else this.whole(first);
  }

  /** Lowers the nodes of a group with what follows as far as they run together, and returns them; undefined where nothing follows. */
  fused(group: NodeGroup, readers: ReadonlyMap<string, readonly ResolvedNode[]>): readonly ResolvedNode[] | undefined {
    const [first] = group;
    const { convChain, convolve, wideMaps } = this.layout;
    const chain = convChain && convChainAt(first, readers);
    if (chain !== undefined) {
      this.convChain(chain, convChain!);
      return chain.nodes;
    }
    const conv = convolve && convNormAt(first, readers, this.tensors.get(first.node.inputs[0]!)!.element);
    if (convolve !== undefined && conv !== undefined) {
      const { norm, nodes } = conv;
      const y = this.output(norm, 'int8', nodes.at(-1)!.outputShape);
      const buffers = { x: this.input(first.node).buffer, y };
      const { patches } = this.layout;
      const end = { node: norm.name, norm: true, pool: conv.pool, shift: conv.shift, min: 0, max: 0 };
      this.steps.push(
        patches && paysAsPatches(patches, conv.conv)
          ? buildConvPatches(patches, conv.conv, first, end, buffers)
          : buildConvNorm(this.layout, convolve, conv, buffers),
      );
      return nodes;
    }
    const requantized = this.requantizedPatches(group);
    if (requantized !== undefined) return requantized;
    const normalized = wideMaps ? undefined : shiftNormBehind(group, readers);
    if (normalized === undefined) return undefined;
    this.normalizedChain(group, normalized.at(-1)!);
    return [...group, ...normalized];
  }

  /** Lowers a chain of which only chosen channels run, the choice and what follows as far as they run together, and returns them. */
  chosenChain(
    choice: Choice,
    group: NodeGroup,
    readers: ReadonlyMap<string, readonly ResolvedNode[]>,
  ): readonly ResolvedNode[] {
    const { node, outputShape, outputType } = choice;
    const [channels] = outputShape;
    const scores = this.wide(node, this.input(node, 1));
    const choosing = choosingStep(node, channels, scores.shape[0], scores.buffer);
    this.steps.push(choosing);
    const chosen = { marks: choosing.y, count: choosing.keep * choosing.size };
    const { convChain, wideMaps } = this.layout;
    const chain = convChain && convChainAt(group[0], readers);
    if (chain !== undefined) {
      this.convChain(chain, convChain!, chosen.marks);
      return chain.nodes;
    }
    const normalized = wideMaps ? undefined : shiftNormBehind([...group, choice], readers);
    if (normalized !== undefined) {
      this.normalizedChain(group, normalized.at(-1)!, chosen);
      return [...group, choice, ...normalized];
    }
    const y = this.output(node, outputType, outputShape);
    this.channelLoop(group, y, { chosen });
    return [...group, choice];
  }

  /** A chain whose maps are never in memory as int32 all at once, and the ShiftNorm over all of its channels. */
  private normalizedChain(nodes: NodeGroup, { node: norm, outputShape }: ResolvedNode, chosen?: ChosenChannels): void {
    const channels = nodes.at(-1)!.outputShape[0];
    const shifts: Buffer = { place: 'ram', bytes: channels };
    const y = this.output(norm, 'int8', outputShape);
    this.channelLoop(nodes, y, { norm: { node: norm.name, shifts }, chosen });
    const count = elementCount(outputShape) / channels;
    this.steps.push({ op: 'normalizeFeatures', node: norm.name, x: y, y, channels, count, shifts });
  }

  /** A chain that is one convolution by linear kernels, requantized. */
  private requantizedPatches(group: NodeGroup): readonly ResolvedNode[] | undefined {
    const { patches } = this.layout;
    const [first] = group;
    const x = this.tensors.get(first.node.inputs[0]!)!;
    if (patches === undefined) return undefined;
    const found = convRequantizeOf(group, planeOf(first.inputShapes[0]!, x.element));
    if (found === undefined || found.nodes.length < group.length) return undefined;
    if (!paysAsPatches(patches, found.conv)) return undefined;
    const last = group.at(-1)!;
    const { shift, min, max } = found.requantize;
    const end = { node: last.node.name, norm: false, pool: found.pool, shift, min, max };
    const y = this.output(last.node, 'int8', last.outputShape);
    this.steps.push(buildConvPatches(patches, found.conv, first, end, { x: x.buffer, y }));
    return group;
  }

  private convChain(chain: ConvChain, kernel: ConvChainKernel, chosen?: Buffer): void {
    const { nodes, convolutions, shifts, channels, norm } = chain;
    this.steps.push({
      op: 'convChain',
      node: norm.name,
      layers: convolutions.map(({ name }) => name),
      x: this.input(convolutions[0]).buffer,
      y: this.output(norm, 'int8', nodes.at(-1)!.outputShape),
      scratch: { place: 'ram', bytes: convChainScratch(kernel, chain) },
      chosen,
      channels,
      shifts,
      macs: convChainMacs(chain),
      tables: { kernel: kernel.kernel, weights: packConvChain(chain) },
    });
  }

  finish(everyTensor: boolean): Program {
    const outputs = this.count(this.last.node, this.last.outputShape);
    checkSteps(this.steps);
    return { steps: this.steps, inPlace: everyTensor ? [] : this.inPlace, tensors: this.tensors, outputs };
  }

  /** A node over whole tensors. */
  private whole(resolved: ResolvedNode): void {
    const { node } = resolved;
    loweringOf(node).whole!({
      node,
      resolved,
      layout: this.layout,
      ofSample: this.ofSample.has(node.inputs[0]!),
      input: (index) => this.input(node, index),
      wideInput: (index) => this.wide(node, this.input(node, index)),
      output: (element, shape) => this.output(node, element, shape),
      rename: (tensor) => {
        this.tensors.set(node.name, tensor);
      },
      count: (shape) => this.count(node, shape),
      push: (step) => {
        this.steps.push(step);
        if (step.op === 'linear') this.joinable.add(step.y);
      },
      join: (parts, whole) => joinParts(node, parts, whole, this.joinable),
      mayShare: (x, y) => this.mayShare(x, y),
    });
  }

  private chain(nodes: NodeGroup): void {
    const { node: last, outputShape, outputType } = nodes.at(-1)!;
    this.channelLoop(nodes, this.output(last, outputType, outputShape));
  }

  private channelLoop(
    nodes: NodeGroup,
    y: Buffer,
    { norm, chosen }: { readonly norm?: PlaneNorm; readonly chosen?: ChosenChannels | undefined } = {},
  ): void {
    const [{ node: first, inputShapes }] = nodes;
    const { outputShape } = nodes.at(-1)!;
    const x = this.input(first);
    const plane = planeOf(inputShapes[0]!, x.element);
    const { body, result, inPlace } = lowerChain(this.layout, nodes, plane, x.buffer, y, norm);

    const channels = outputShape.length === 1 ? 1 : outputShape[0];
    // A convolution reads the planes of a group for each of its outputs, any other node one plane for each.
    const [groups, planes] = first.op === 'conv2d' ? [first.groups, first.inChannels / first.groups] : [channels, 1];
    const sharing = channels / groups;
    const xStride = sharing === channels && channels > 1 ? 0 : planes * planeBytes(plane);
    const yStride = planeBytes(result);
    // What channels that do not run leave.
    const cleared = chosen === undefined ? [] : norm === undefined ? [y] : [y, norm.shifts];
    for (const buffer of cleared) {
      this.steps.push({ op: 'clear', node: body.at(-1)!.node, x: buffer, y: buffer, bytes: buffer.bytes });
    }
    if (channels === 1) this.steps.push(...body);
    else this.steps.push({ op: 'channels', channels, chosen, sharing, xStride, yStride, body });
    // What is cleared before the loop must not be what it reads.
    // A single step works in place on one plane, not on one of several.
    const isRead = planes === 1 || body.length > 1;
    if (chosen === undefined && inPlace && isRead && sharing === 1 && yStride <= xStride) this.mayShare(x.buffer, y);
  }

  private input(node: QuantizedNode, index = 0): Tensor {
    return this.tensors.get(node.inputs[index]!)!;
  }

  private output(node: QuantizedNode, element: TensorType, shape: Shape): Buffer {
    const place = node.name === this.logits ? 'logits' : 'ram';
    const buffer: Buffer = { place, bytes: elementCount(shape) * ELEMENT_BYTES[element] };
    this.tensors.set(node.name, { buffer, element, shape });
    return buffer;
  }

  /** The tensor as int32 for its reader, through a step that widens it where it is int8. */
  private wide(reader: QuantizedNode, tensor: Tensor): Tensor {
    if (tensor.element === 'int32') return tensor;
    const count = elementCount(tensor.shape);
    const buffer: Buffer = { place: 'ram', bytes: count * ELEMENT_BYTES.int32 };
    this.steps.push({ op: 'widen', node: reader.name, x: tensor.buffer, y: buffer, count });
    return { ...tensor, buffer, element: 'int32' };
  }

  private count(node: QuantizedNode, shape: Shape): number {
    const count = elementCount(shape);
    checkCount(node.name, 'values', count);
    return count;
  }

  private mayShare(x: Buffer, y: Buffer): void {
    if (x.place === 'ram' && y.bytes <= x.bytes) this.inPlace.push([x, y]);
  }
}
