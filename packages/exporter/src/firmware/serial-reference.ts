// What firmware that answers commands has to say: the reference inference of its model.
import type { QuantizedModel } from '@bitnetmcu/models';
import { decide, decisionNumber, ReferenceModel, type Task, taskOf } from '@bitnetmcu/models/internal';
import { modelIdentity } from '../c/identity.js';
import { unknownValue } from '../unknown-value.js';
import {
  type FirmwareIdentity,
  readAnswers,
  readIdentity,
  type SerialAnswer,
  sampleCommand,
  sampleSum,
} from './serial-protocol.js';

/** How an answer differs from the reference. */
export interface AnswerDifference {
  /** Of which so many are other ones. */
  readonly logits: number;
  /** Whether the class, or what is in its place, is another one. */
  readonly decision: boolean;
}

/** Reference answers of a model, one sample at a time. */
export class SerialReference {
  readonly identity: FirmwareIdentity;
  readonly #reference: ReferenceModel;
  readonly #isDecided: boolean;

  /** @throws ModelError where the model is wrong */
  constructor(private readonly model: QuantizedModel) {
    this.#reference = new ReferenceModel(model);
    this.#isDecided = isDecided(taskOf(model));
    const { inputs, outputs } = this.#reference;
    this.identity = { sha256: modelIdentity(model).sha256, inputs, outputs };
  }

  /** @param input the int8 of one sample */
  answer(input: Int8Array): Pick<SerialAnswer, 'decision' | 'logits'> {
    const logits = this.#reference.infer(input, 1);
    const decision = this.#isDecided ? decisionNumber(decide(this.model, input, logits)) : undefined;
    return { decision, logits };
  }

  /** Whether an answer has all its lines, and is that to the sample: a line that was lost says nothing of the model. */
  isWhole(input: Int8Array, { decision, logits, sum }: SerialAnswer): boolean {
    const { outputs } = this.identity;
    return sum === sampleSum(input) && logits.length === outputs && (decision !== undefined) === this.#isDecided;
  }

  /** Undefined where the answer, a whole one, is that of the reference to the bit. */
  difference(input: Int8Array, { decision, logits }: SerialAnswer): AnswerDifference | undefined {
    const wanted = this.answer(input);
    const different = wanted.logits.filter((logit, i) => logit !== logits[i]).length;
    const isOther = decision !== wanted.decision;
    return different === 0 && !isOther ? undefined : { logits: different, decision: isOther };
  }
}

/** Whether firmware tells a number that it decided on. */
function isDecided(task: Task): boolean {
  switch (task) {
    case 'classification':
    case 'anomaly':
      return true;
    case 'regression':
    case 'multiLabel':
      return false;
    default:
      throw unknownValue('task', task);
  }
}

/** Whether firmware that got these samples, one after another, printed who it is and the answers of the reference. */
export function answersRight(model: QuantizedModel, samples: readonly Int8Array[], output: string): boolean {
  const reference = new SerialReference(model);
  const answers = readAnswers(output);
  return (
    readIdentity(output)?.sha256 === reference.identity.sha256 &&
    answers.length === samples.length &&
    answers.every((answer, i) => {
      const sample = samples[i]!;
      return reference.isWhole(sample, answer) && reference.difference(sample, answer) === undefined;
    })
  );
}

/** What such firmware receives. */
export function sampleConversation(samples: readonly Int8Array[]): Uint8Array {
  return new TextEncoder().encode(samples.map(sampleCommand).join(''));
}
