// What a model says of a sample, and whether that is what is known of it: a class, values, an anomaly's score, several labels.
import type { QuantizedModel } from '@bitnetmcu/models';
import { decide, visibleText } from '@bitnetmcu/models/internal';
import type { Samples } from '@bitnetmcu/trainer';
import type { Terminal } from '../terminal.js';
import { unknownValue } from '../unknown-value.js';

/** What is known of a sample. */
export interface Truth {
  /** Its class; of anomalies 0 for a normal one. */
  readonly label?: number | undefined;
  /** Values in their units, or 1 and 0 for each label. */
  readonly targets?: (ArrayLike<number> & Iterable<number>) | undefined;
}

export interface Answer {
  /** For people, in a few words. */
  readonly text: string;
  /** For JSON. */
  readonly json: Readonly<Record<string, unknown>>;
  /** What was to be said; undefined where it is not known. */
  readonly expected: { readonly text: string; readonly json: unknown } | undefined;
  /** Undefined where nothing is known, and of values, which are near or far. */
  readonly isRight: boolean | undefined;
}

/** What a data set knows of its sample `i`. */
export function truthOf({ labels, targets, count }: Pick<Samples, 'labels' | 'targets' | 'count'>, i: number): Truth {
  const outputs = (targets?.length ?? 0) / count;
  return { label: labels[i], ...(targets && { targets: targets.subarray(i * outputs, (i + 1) * outputs) }) };
}

/** @param input the int8 sample; @param logits its own */
export function answerOf(
  model: QuantizedModel,
  input: ArrayLike<number>,
  logits: ArrayLike<number>,
  { label, targets }: Truth,
): Answer {
  const { output, labels } = model;
  const nameOf = (index: number) => labels[index] ?? String(index);
  const decision = decide(model, input, logits);
  const judged = <T>(known: T | undefined, json: (known: T) => unknown, text: (known: T) => string) =>
    known === undefined ? undefined : { text: text(known), json: json(known) };
  switch (decision.task) {
    case 'classification': {
      const expected = judged(label, nameOf, (known) => visibleText(nameOf(known)));
      const isRight = label === undefined ? undefined : decision.class === label;
      const name = nameOf(decision.class);
      return { text: visibleText(name), json: { class: decision.class, label: name }, expected, isRight };
    }
    case 'regression': {
      const described = output?.task === 'regression' ? output.values : [];
      const values = (all: ArrayLike<number>) =>
        described.map(({ name, unit }, i) => ({ name, ...(unit && { unit }), value: all[i]! }));
      const given = values(described.map(({ decimals }, i) => decision.values[i]! / 10 ** decimals));
      // Targets are kept as float32.
      const known = targets && values(Array.from(targets, (value) => Number(value.toPrecision(7))));
      const text = (all: typeof given) =>
        all
          .map(({ name, unit, value }) => `${visibleText(name)} ${value}${unit ? ` ${visibleText(unit)}` : ''}`)
          .join(', ');
      return {
        text: text(given),
        json: { values: given },
        expected: judged(known, (all) => all, text),
        isRight: undefined,
      };
    }
    case 'anomaly': {
      const threshold = output?.task === 'anomaly' ? output.threshold : 0;
      const { score, isAnomaly } = decision;
      const name = (is: boolean) => (is ? 'anomaly' : 'normal');
      const known = label === undefined ? undefined : label !== 0;
      return {
        text: `${name(isAnomaly)} (score ${score}, threshold ${threshold})`,
        json: { score, threshold, isAnomaly },
        expected: judged(known, name, name),
        isRight: known === undefined ? undefined : known === isAnomaly,
      };
    }
    case 'multiLabel': {
      const names = (all: readonly boolean[]) => all.flatMap((on, i) => (on ? [nameOf(i)] : []));
      const text = (all: readonly boolean[]) => names(all).map(visibleText).join(', ') || 'none of the labels';
      const known = targets && Array.from(targets, (target) => target > 0.5);
      return {
        text: text(decision.labels),
        json: { labels: names(decision.labels) },
        expected: judged(known, names, text),
        isRight: known?.every((on, i) => on === decision.labels[i]),
      };
    }
    default:
      throw unknownValue('decision', decision);
  }
}

/** The answer beside what is known: "dog ✓", "cat ✗ (dog)", "newton 3.1 (3)". */
export function verdictOf({ text, expected, isRight }: Answer, { bold, green, red, dim }: Terminal['colors']): string {
  if (expected === undefined) return bold(text);
  if (isRight === undefined) return `${bold(text)} ${dim(`(it is ${expected.text})`)}`;
  return `${bold(text)} ${isRight ? green('✓') : red(`✗ (${expected.text})`)}`;
}
