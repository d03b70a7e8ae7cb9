// The check that an output fits its network or model: as many values as logits, and integers that cannot overflow.
import { ModelError } from '../errors.js';
import { classCount } from '../inference.js';
import { unknownValue } from '../unknown-value.js';
import { type LogitScale, MAX_ANOMALY_INPUTS, MAX_MASK_LABELS, type ModelOutput, type OutputSpec } from './output.js';
import { answerRange, logitScaleProblem } from './scale-logit.js';

interface Sizes {
  /** Elements of the input and of the last layer's output. */
  readonly inputs: number;
  readonly outputs: number;
}

/** @throws ModelError `invalid-output` */
export function requireOutput(output: OutputSpec | ModelOutput | undefined, { inputs, outputs }: Sizes): void {
  if (output === undefined) return;
  switch (output.task) {
    case 'regression':
      if (output.values.length !== outputs) {
        throw wrong(
          `a regression of ${output.values.length} values has ${outputs} logits`,
          'give the last layer an output a value',
        );
      }
      for (const value of output.values) {
        const problem =
          'preShift' in value
            ? logitScaleProblem(value)
            : value.low < value.high
              ? undefined
              : `low ${value.low} is not below high ${value.high}`;
        if (problem) throw wrong(`the value ${JSON.stringify(value.name)}: ${problem}`, 'export the network again');
      }
      return;
    case 'anomaly':
      if (outputs !== inputs || inputs > MAX_ANOMALY_INPUTS) {
        throw wrong(
          `an autoencoder of ${inputs} inputs has ${outputs} outputs`,
          `as many outputs as inputs are wanted, at most ${MAX_ANOMALY_INPUTS}`,
        );
      }
      if ('reconstruction' in output) {
        const problem = reconstructionProblem(output.reconstruction);
        if (problem) throw wrong(`the reconstruction: ${problem}`, 'export the network again');
      }
      return;
    case 'multiLabel':
      if (outputs <= MAX_MASK_LABELS) return;
      throw wrong(`${outputs} labels found`, `a sample has at most ${MAX_MASK_LABELS}: train several networks`);
    default:
      throw unknownValue('output', output);
  }
}

/** Scores are sums of squares of at most 255: both the input and its reconstruction are int8. */
function reconstructionProblem(scale: LogitScale): string | undefined {
  const problem = logitScaleProblem(scale);
  const [smallest, largest] = answerRange(scale);
  if (problem !== undefined || (smallest >= -128 && largest <= 127)) return problem;
  return `it goes from ${smallest} to ${largest}, −128 … 127 wanted`;
}

/**
 * Labels name classes, values or labels, one each; of anomalies they are normal and abnormal.
 * @param what network or model, for the message
 * @throws ModelError `invalid-labels`
 */
export function requireLabels(
  what: string,
  { labels, output }: { readonly labels: readonly string[]; readonly output?: OutputSpec | ModelOutput | undefined },
  outputs: number,
): void {
  const wanted = output?.task === 'anomaly' ? 2 : output ? outputs : classCount(outputs);
  const isBinary = outputs === 1 && !output;
  if (labels.length === 0 || labels.length === wanted || (isBinary && labels.length === 1)) return;
  throw new ModelError(
    'invalid-labels',
    `The ${what} has ${labels.length} labels and ${outputs} outputs: give a label for each of its ${wanted} ${output ? 'answers' : 'classes'}${isBinary ? ' (a single output tells two by its sign)' : ''}, or none.`,
  );
}

function wrong(found: string, remedy: string): ModelError {
  return new ModelError('invalid-output', `The output is not valid: ${found}; ${remedy}.`);
}
