// What messages call the answer that a data set has for each sample, by task.
import type { Task } from '@bitnetmcu/models/internal';

interface AnswerWords {
  readonly noun: string;
  /** Of all samples. */
  readonly nouns: string;
  /** With its verb: `the class is column 3`. */
  readonly is: string;
}

const ANSWER_WORDS: Readonly<Record<Task, AnswerWords>> = {
  classification: { noun: 'class', nouns: 'classes', is: 'the class is' },
  regression: { noun: 'value', nouns: 'values', is: 'the value is' },
  anomaly: { noun: 'label', nouns: 'labels', is: 'the label is' },
  multiLabel: { noun: 'labels', nouns: 'labels', is: 'the labels are' },
};

/** @param task key of a data spec: absent is classification */
export function answerWords(task: unknown): AnswerWords {
  return Object.hasOwn(ANSWER_WORDS, String(task)) ? ANSWER_WORDS[task as Task] : ANSWER_WORDS.classification;
}
