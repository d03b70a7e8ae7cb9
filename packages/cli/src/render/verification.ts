// The result of a verification as a table, a list of the first differences, and JSON.
import type { VerifyResult } from '@bitnetmcu/exporter';
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
    implementations: result.perBackend.map(({ name, accuracy, mismatches, seconds }) => ({
      implementation: name,
      images: result.images,
      mismatches,
      ...(accuracy === undefined ? {} : { accuracy }),
      seconds,
    })),
    skipped,
    differences: result.differences,
  };
}

/** Prints the table, what was left out and the first differences. */
export function printVerification(
  terminal: Terminal,
  result: VerifyResult,
  skipped: Readonly<Record<string, string>>,
): void {
  const { bold, green, red, yellow } = terminal.colors;
  const { images, perBackend, differences } = result;
  terminal.print(
    renderTable(
      [
        { title: 'implementation' },
        { title: 'images', align: 'right' },
        { title: 'mismatches', align: 'right' },
        { title: 'accuracy', align: 'right' },
        { title: 'time', align: 'right' },
      ],
      perBackend.map(({ name, mismatches, accuracy, seconds }, i) => [
        name,
        count(images),
        i === 0 ? 'reference' : mismatches === 0 ? green('0') : red(count(mismatches)),
        accuracy === undefined ? '' : percent(accuracy),
        duration(seconds),
      ]),
    ),
  );
  for (const [name, reason] of Object.entries(skipped))
    terminal.print(`${yellow('–')} ${name} was left out: ${reason}`);
  if (totalMismatches(result) === 0) {
    if (perBackend.length > 1)
      terminal.print(`\n${green('✓')} ${bold('identical logits')} on all ${count(images)} images`);
    return;
  }
  terminal.print(`\n${red('✗')} ${bold('the implementations differ')}; the first differences:`);
  for (const { image, backend, logits, expected } of differences) {
    terminal.print(
      `  image ${image}, ${backend}\n    found     ${logits.join(' ')}\n    expected  ${expected.join(' ')}`,
    );
  }
}
