// What `infer` says of a sample where the answer is no class: values, an anomaly's score, several labels.
import type { QuantizedModel } from '@bitnetmcu/models';
import { decide, visibleText } from '@bitnetmcu/models/internal';
import type { InferSample } from '../samples/sample.js';
import type { Terminal } from '../terminal.js';
import { unknownValue } from '../unknown-value.js';

/** Prints the answer; returns it for JSON. */
export function answer(model: QuantizedModel, sample: InferSample, logits: Int32Array, terminal: Terminal): object {
  const { bold, dim, green, red, yellow } = terminal.colors;
  const decision = decide(model, sample.input, logits);
  const print = (text: string) => terminal.print(`${dim(visibleText(sample.title))}  ${text}`);
  const common = {
    input: sample.title,
    logits: [...logits],
    ...(sample.clamped.length > 0 && { clamped: sample.clamped }),
  };
  const result = ((): object => {
    switch (decision.task) {
      case 'regression': {
        const described = model.output?.task === 'regression' ? model.output.values : [];
        const values = described.map(({ name, unit, decimals }, i) => ({
          name,
          ...(unit && { unit }),
          value: decision.values[i]! / 10 ** decimals,
        }));
        print(
          values
            .map(
              ({ name, unit, value }) =>
                `${visibleText(name)} ${bold(String(value))}${unit ? ` ${visibleText(unit)}` : ''}`,
            )
            .join(', '),
        );
        return { ...common, values };
      }
      case 'anomaly': {
        const threshold = model.output?.task === 'anomaly' ? model.output.threshold : 0;
        print(
          `${decision.isAnomaly ? red('anomaly') : green('normal')} (score ${decision.score}, threshold ${threshold})`,
        );
        return { ...common, score: decision.score, threshold, isAnomaly: decision.isAnomaly };
      }
      case 'multiLabel': {
        const names = decision.labels.flatMap((on, i) => (on ? [model.labels[i] ?? String(i)] : []));
        print(names.length === 0 ? 'none of the labels' : bold(names.map(visibleText).join(', ')));
        return { ...common, labels: names };
      }
      case 'classification':
        return { ...common, class: decision.class };
      default:
        throw unknownValue('decision', decision);
    }
  })();
  if (sample.clamped.length > 0) {
    terminal.print(
      yellow(`  outside the range of training, counted as its end: ${sample.clamped.map(visibleText).join(', ')}`),
    );
  }
  return result;
}
