// Which layer of the network the cycles of a run belong to: the interpreter calls `step` once for every step of the program.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { KernelStep, Program, Step } from '../lowering/program.js';
import { tableBytes } from '../lowering/steps.js';
import type { DeviceRun } from './device.js';

/** The interpreter's function that runs one record (c/src/bnm_run.c). */
const STEP_FUNCTION = 'step';

/** Cycles by node name. */
export type LayerCycles = ReadonlyMap<string, number>;

/** The nodes that steps compute, in the order of the calls. */
function stepNodes(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    if (step.op !== 'channels') return [step.node];
    const body = step.body.map(({ node }) => node);
    return Array.from({ length: step.chosen?.count ?? step.channels }, () => body).flat();
  });
}

/**
 * Splits a call of bnm_run over the nodes; what the interpreter does between two steps belongs to the first of them.
 * `undefined` where the time line of the run is not complete (thousands of steps).
 */
export function layerCycles(steps: readonly Step[], { cycles, profile }: DeviceRun): LayerCycles | undefined {
  const nodes = stepNodes(steps);
  const begins = profile.timeline.filter(({ name }) => name === STEP_FUNCTION).map(({ beginCycle }) => beginCycle);
  if (begins.length !== nodes.length) return undefined;
  const sums = new Map<string, number>();
  nodes.forEach((node, i) => {
    // The first step is charged for the entry into the interpreter, the last one for the way back.
    const begin = i === 0 ? 0 : begins[i]!;
    sums.set(node, (sums.get(node) ?? 0) + (begins[i + 1] ?? cycles) - begin);
  });
  return sums;
}

/** A layer of the table that users see. */
export interface SimulatedLayer {
  /** The node's name; `argmax` for the choice of the prediction. */
  readonly name: string;
  /** What it computes, with its sizes and format. */
  readonly operation: string;
  /** Packed weights, output shifts and bias. */
  readonly weightBytes: number;
  /** Mean over the samples. */
  readonly cycles: number;
  /** Dense worst case. */
  readonly worst: number;
}

/** The nodes that have steps, in the model's order, with what is known of them before a run. */
export function describeLayers(model: QuantizedModel, { steps }: Program): Omit<SimulatedLayer, 'cycles' | 'worst'>[] {
  const all = steps.flatMap((step): readonly KernelStep[] => (step.op === 'channels' ? step.body : [step]));
  return model.nodes
    .map(({ name }) => ({ name, own: all.filter(({ node }) => node === name) }))
    .filter(({ own }) => own.length > 0)
    .map(({ name, own }) => ({
      name,
      operation: chainOperation(model, own) ?? operationOf(model, name),
      weightBytes: own.reduce((sum, step) => sum + tableBytes(step), 0),
    }));
}

/** Of a step that computes several layers. */
function chainOperation(model: QuantizedModel, own: readonly KernelStep[]): string | undefined {
  const chain = own.find((step) => 'layers' in step);
  return chain && [...chain.layers, chain.node].map((name) => operationOf(model, name)).join(', ');
}

/** What a node computes, with its sizes and format. */
export function operationOf(model: QuantizedModel, name: string): string {
  const node = model.nodes.find((candidate) => candidate.name === name)!;
  switch (node.op) {
    case 'linear':
      return `linear ${node.inFeatures}→${node.outFeatures} ${node.weights.format}`;
    case 'conv2d': {
      const kind = node.groups === node.inChannels && node.groups > 1 ? 'depthwise' : 'conv2d';
      return `${kind} ${node.kernel.join('×')} ${node.inChannels}→${node.outChannels} ${node.weights.format}`;
    }
    case 'maxPool2d':
    case 'avgPool2d':
      return `${node.op} ${node.size.join('×')}`;
    default:
      return node.op;
  }
}
