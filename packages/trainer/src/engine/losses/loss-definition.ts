// What a term of the loss is: one record a kind. Its operation is a kernel of native/kernels/loss.h; its formula in doubles is what TensorFlow.js computes.
import type { PlanBuilder } from '../plan/plan-builder.js';
import type { Operands, OpName } from '../plan/program.js';

/** One sample on the host. */
export interface LossSample {
  readonly logits: Float64Array;
  readonly label: number;
  /** As many as logits, where the term reads them. */
  readonly targets: Float64Array | undefined;
}

export interface SampleLoss {
  /** Without the term's weight. */
  readonly loss: number;
  /** d loss/d logits. */
  readonly gradient: Float64Array;
}

/** Offsets of the logits, of the labels and, in training, of the gradient; see native/ops.json. */
export interface LossPlace {
  readonly logits: number;
  readonly stride: number;
  readonly classes: number;
  readonly labels: number;
  readonly gradient: number;
  readonly accumulate: number;
}

/** How samples that are right are counted, beside the loss. */
export type CountOp = Extract<OpName, 'countCorrect' | 'countExplained' | 'countExact'>;

export interface LossDefinition<Term = never> {
  readonly count: CountOp;
  /** The term as an evaluation reports it: plain, so that it compares between recipes. None: another term's, or plain cross-entropy. */
  readonly evaluated?: (term: Term) => Term;
  /** The operation of the compiled engine. */
  operation(term: Term, place: LossPlace, plan: PlanBuilder): LossOperation;
  sample(term: Term, sample: LossSample): SampleLoss;
}

type OperationOf<Name extends OpName> = { readonly name: Name; readonly operands: Operands<Name> };
export type LossOperation =
  | OperationOf<'softmaxCrossEntropy'>
  | OperationOf<'distillation'>
  | OperationOf<'meanSquaredError'>
  | OperationOf<'huber'>
  | OperationOf<'binaryCrossEntropy'>;

/** log softmax(z/temperature). */
export function logSoftmax(z: Float64Array, temperature: number): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of z) largest = Math.max(largest, value);
  let sum = 0;
  for (const value of z) sum += Math.exp((value - largest) / temperature);
  const logSum = Math.log(sum);
  return z.map((value) => (value - largest) / temperature - logSum);
}
