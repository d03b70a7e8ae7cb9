// The result of a verification as a table, a list of the first differences, and JSON.
import type { VerifyResult } from '@bitnetmcu/exporter';
import type { QuantizedModel } from '@bitnetmcu/models';
import { type Task, taskOf } from '@bitnetmcu/models/internal';
import type { Terminal } from '../terminal.js';
import { count, duration, percent } from './quantities.js';
import { renderTable } from './table.js';

/** Images on which any implementation differs from the reference, added up over the implementations. */
export function totalMismatches({ perBackend }: VerifyResult): number {
  return perBackend.reduce((sum, { mismatches }) => sum + mismatches, 0);
}

/** Verification as JSON: `images`, `mismatches` and `accuracy` per implementation, and the sums. */
export function verificationJson(result: VerifyResult, skipped: Readonly<Record<string, string>>): object {
  return {
    images: result.images,
    mismatches: totalMismatches(result),
    implementations: result.perBackend.map(({ name, accuracy, score, mismatches, seconds }) => ({
      implementation: name,
      images: result.images,
      mismatches,
      ...(accuracy === undefined ? {} : { accuracy }),
      ...(score === undefined ? {} : { score }),
      seconds,
    })),
    skipped,
    differences: result.differences,
  };
}

/** What a table of implementations calls the samples and their score. */
export interface VerificationWords {
  readonly samples: 'images' | 'samples';
  readonly score: string;
  readonly scoreText: (score: number) => string;
}

/** By what a model reads and answers. */
export function verificationWords({ input, output }: Pick<QuantizedModel, 'input' | 'output'>): VerificationWords {
  const isImage = input.raw === undefined && input.shape.length === 3 && input.shape[1] > 1;
  return { samples: isImage ? 'images' : 'samples', ...SCORES[taskOf({ output })] };
}

const SCORES: Readonly<Record<Task, Omit<VerificationWords, 'samples'>>> = {
  classification: { score: 'accuracy', scoreText: percent },
  regression: { score: 'R²', scoreText: (score) => score.toFixed(3) },
  anomaly: { score: 'area under ROC', scoreText: (score) => score.toFixed(4) },
  multiLabel: { score: 'all labels right', scoreText: percent },
};

/** Prints the table, what was left out and the first differences. */
export function printVerification(
  terminal: Terminal,
  result: VerifyResult,
  skipped: Readonly<Record<string, string>>,
  words: VerificationWords = { samples: 'images', ...SCORES.classification },
): void {
  const { bold, green, red, yellow } = terminal.colors;
  const { images, perBackend, differences } = result;
  terminal.print(
    renderTable(
      [
        { title: 'implementation' },
        { title: words.samples, align: 'right' },
        { title: 'mismatches', align: 'right' },
        { title: words.score, align: 'right' },
        { title: 'time', align: 'right' },
      ],
      perBackend.map(({ name, mismatches, accuracy, score = accuracy, seconds }, i) => [
        name,
        count(images),
        i === 0 ? 'reference' : mismatches === 0 ? green('0') : red(count(mismatches)),
        score === undefined ? '' : words.scoreText(score),
        duration(seconds),
      ]),
    ),
  );
  for (const [name, reason] of Object.entries(skipped))
    terminal.print(`${yellow('–')} ${name} was left out: ${reason}`);
  if (totalMismatches(result) === 0) {
    if (perBackend.length > 1)
      terminal.print(`\n${green('✓')} ${bold('identical logits')} on all ${count(images)} ${words.samples}`);
    return;
  }
  terminal.print(`\n${red('✗')} ${bold('the implementations differ')}; the first differences:`);
  for (const { image, backend, logits, expected } of differences) {
    terminal.print(
      `  ${words.samples === 'images' ? 'image' : 'sample'} ${image}, ${backend}\n    found     ${logits.join(' ')}\n    expected  ${expected.join(' ')}`,
    );
  }
}
