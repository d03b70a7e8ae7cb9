// Which layers of a model run on plain kernels, many times slower than fast ones, and what would give each a fast one. Nothing here knows when a
// kernel is chosen: the layer is laid out otherwise, and what happens is told.
import type { QuantizedModel, QuantizedNode } from '@bitnetmcu/models';
import { validateQuantizedModel } from '@bitnetmcu/models';
import type { LinearNode } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES, type FormatName } from '@bitnetmcu/quant';
import { KERNELS } from '../layout/kernels.js';
import { getLayout, type LayoutName } from '../layout/layouts.js';
import { fitsConvLayer } from '../lowering/conv-layer.js';
import type { Conv2dStep } from '../lowering/conv2d.js';
import { lowerModel } from '../lowering/lower-model.js';
import type { KernelStep, Program } from '../lowering/program.js';
import { defaultVariants, type KernelVariant } from './kernel-variants.js';
import { operationOf } from './layer-cycles.js';
import { PART_NAMES, type PartName } from './parts.js';

/** Kernels that come before the chosen ones, and the bytes that the part lacks for them. */
export interface PassedOver {
  readonly variant: KernelVariant;
  readonly missing: { readonly flash: number; readonly ram: number };
}

/** One thing that would give a layer a fast kernel. */
export type Remedy =
  /** Other kernels of the same part. `missing`: what it lacks for them; null where others were asked for by name and this was not looked at. */
  | { readonly kind: 'kernels'; readonly kernels: string; readonly missing: PassedOver['missing'] | null }
  /** Weights in one of these formats. */
  | { readonly kind: 'format'; readonly formats: readonly FormatName[] }
  /** At most so many inputs or outputs. */
  | { readonly kind: 'inputs' | 'outputs'; readonly found: number; readonly most: number }
  /** Of a convolution over int32: activations before it that are int8. */
  | { readonly kind: 'int8-input' }
  /** Of a convolution whose maps, with all planes of a group and their padding, are too large. */
  | { readonly kind: 'smaller-maps' }
  /** Of a convolution: behind it a ReLU, maxima of windows side by side and a norm or requantization to int8, each read by the next alone. */
  | { readonly kind: 'ending' }
  /** Parts that have fast kernels for it; whether the model fits there is not looked at. */
  | { readonly kind: 'parts'; readonly parts: readonly PartName[] };

/** A layer that runs on a plain kernel. */
export interface PlainLayer {
  /** The node's name. */
  readonly name: string;
  /** What it computes, with its sizes and format. */
  readonly operation: string;
  /** Nearest first; none where no part has a fast kernel for such a layer. */
  readonly remedies: readonly Remedy[];
}

/**
 * The layers with weights that run on plain kernels, in the model's order. Kernels of coded weights and those that AVR parts have of their
 * own are not plain ones.
 * @param passedOver undefined where the kernels were asked for by name
 * @throws ModelError, RuntimeError as layoutModel
 */
export function plainLayers(
  model: QuantizedModel,
  part: PartName,
  variant: KernelVariant,
  passedOver: readonly PassedOver[] | undefined,
): readonly PlainLayer[] {
  const layouts = new Layouts(model);
  const steps = layouts.plainSteps(variant.layout);
  if (steps.size === 0) return [];
  return [...steps].map(([name, step]) => {
    const kernels = otherKernels(name, part, variant, passedOver, layouts);
    return {
      name,
      operation: operationOf(model, name),
      remedies: [
        ...kernels,
        ...(step.op === 'conv2d' ? ofConvolution(model, step, variant) : ofLinear(model, name, variant)),
        ...otherParts(name, part, layouts),
      ],
    };
  });
}

/** Steps with weights whose kernels may be plain. */
type PlainStep = Extract<KernelStep, { op: 'linear' | 'conv2d' | 'convPatches' }>;

/** A model laid out in several ways, each once. */
class Layouts {
  readonly #programs = new Map<LayoutName, Program>();
  constructor(private readonly model: QuantizedModel) {}

  program(layout: LayoutName): Program {
    const known = this.#programs.get(layout) ?? lowerModel(this.model, getLayout(layout), { everyTensor: false });
    this.#programs.set(layout, known);
    return known;
  }

  plainSteps(layout: LayoutName): ReadonlyMap<string, PlainStep> {
    return plainStepsOf(this.program(layout), layout);
  }

  isFast(name: string, layout: LayoutName): boolean {
    return !this.plainSteps(layout).has(name);
  }
}

/** By the names of the nodes; of a convolution that runs with what follows it, its own. */
function plainStepsOf({ steps }: Program, layout: LayoutName): ReadonlyMap<string, PlainStep> {
  const own = getLayout(layout).nodeConvolutions ?? [];
  const all = steps.flatMap((step): readonly KernelStep[] => (step.op === 'channels' ? step.body : [step]));
  return new Map(
    all.flatMap((step): (readonly [string, PlainStep])[] => {
      switch (step.op) {
        case 'linear':
          return isPlainKernel(step.tables.kernel) ? [[step.node, step]] : [];
        case 'conv2d':
          return own.includes(step.element) ? [] : [[step.node, step]];
        case 'convPatches':
          return isPlainKernel(step.tables.kernel) ? [[step.layers[0], step]] : [];
        default:
          return [];
      }
    }),
  );
}

function isPlainKernel(number: number): boolean {
  return KERNELS.plain.some(({ kernel }) => kernel.number === number);
}

/** Of the part's other kernels those that are fast for this layer and of which least is missing. */
function otherKernels(
  name: string,
  part: PartName,
  chosen: KernelVariant,
  passedOver: readonly PassedOver[] | undefined,
  layouts: Layouts,
): readonly Remedy[] {
  if (passedOver === undefined) {
    const found = defaultVariants(part).find(
      (variant) => variant.name !== chosen.name && layouts.isFast(name, variant.layout),
    );
    return found === undefined ? [] : [{ kind: 'kernels', kernels: found.name, missing: null }];
  }
  const fast = passedOver.filter(({ variant }) => layouts.isFast(name, variant.layout));
  if (fast.length === 0) return [];
  const total = ({ missing: { flash, ram } }: PassedOver) => flash + ram;
  const nearest = fast.reduce((best, one) => (total(one) < total(best) ? one : best));
  return [{ kind: 'kernels', kernels: nearest.variant.name, missing: nearest.missing }];
}

/** Formats, and numbers of inputs and outputs, with which the layout has a fast kernel. */
function ofLinear(model: QuantizedModel, name: string, { layout }: KernelVariant): readonly Remedy[] {
  const node = model.nodes.find((one): one is LinearNode => one.name === name && one.op === 'linear');
  // Convolutions that run as linear layers do so where that is faster; another format is what is left.
  if (node === undefined) return [];
  const isFast = (changed: LinearNode) => isFastAs(model, changed, layout);
  const formats = FORMAT_NAMES.filter((format) => isFast(blank(node, { format })));
  const inputs = mostThat(node.inFeatures, (inFeatures) => isFast(blank(node, { inFeatures })));
  const outputs = mostThat(node.outFeatures, (outFeatures) => isFast(blank(node, { outFeatures })));
  return [
    ...(formats.length === 0 ? [] : [{ kind: 'format', formats } as const]),
    ...(inputs === 0 ? [] : [{ kind: 'inputs', found: node.inFeatures, most: inputs } as const]),
    ...(outputs === 0 ? [] : [{ kind: 'outputs', found: node.outFeatures, most: outputs } as const]),
  ];
}

/** The layer in another format or size, with codes that all formats have. */
function blank(
  node: LinearNode,
  { format = node.weights.format, ...sizes }: { format?: FormatName; inFeatures?: number; outFeatures?: number },
): LinearNode {
  const { inFeatures, outFeatures } = { ...node, ...sizes };
  return { ...node, inFeatures, outFeatures, weights: { format, codes: new Uint8Array(inFeatures * outFeatures) } };
}

/** Whether the layout has a fast kernel for the layer in place of the model's own, which may decide what others get. */
function isFastAs(model: QuantizedModel, changed: LinearNode, name: LayoutName): boolean {
  const layout = getLayout(name);
  const nodes = model.nodes.map((node): QuantizedNode => (node.name === changed.name ? changed : node));
  const linear = nodes.flatMap((node) => (node.op === 'linear' ? [node.weights] : []));
  const packer = layout.linearOf?.(linear) ?? layout.linear;
  const { weights, inFeatures, outFeatures } = changed;
  return !isPlainKernel(packer(weights.format, weights.codes, outFeatures, inFeatures, 'activations').kernel);
}

/** The largest count up to `found` with which it holds, 0 where it does with none: it holds for all below the first with which it does not. */
function mostThat(found: number, holds: (count: number) => boolean): number {
  if (!holds(1)) return 0;
  let [most, tooMany] = [1, found];
  while (tooMany - most > 1) {
    const middle = Math.floor((most + tooMany) / 2);
    if (holds(middle)) most = middle;
    else tooMany = middle;
  }
  return most;
}

/** What keeps a convolution from the kernels that run it with what follows. */
function ofConvolution(model: QuantizedModel, step: Conv2dStep, { layout }: KernelVariant): readonly Remedy[] {
  if (getLayout(layout).convolve === undefined) return [];
  if (step.element === 'int32') return [{ kind: 'int8-input' }];
  const resolved = validateQuantizedModel(model).find(({ node }) => node.name === step.node)!;
  const isSmall = resolved.node.op !== 'conv2d' || fitsConvLayer(resolved.node, resolved);
  return [{ kind: isSmall ? 'ending' : 'smaller-maps' }];
}

function otherParts(name: string, part: PartName, layouts: Layouts): readonly Remedy[] {
  const parts = PART_NAMES.filter(
    (other) => other !== part && defaultVariants(other).some(({ layout }) => layouts.isFast(name, layout)),
  );
  return parts.length === 0 ? [] : [{ kind: 'parts', parts }];
}
