// Benchmarks, measured beside simulated.
import type { CalibrationRow, Contradiction } from '@bitnetmcu/exporter/internal/node';
import type { Terminal } from '../terminal.js';
import { renderTable } from './table.js';

const RIGHT = { align: 'right' } as const;

/** All rows; what one of the repeated takes is by the measurement where there is one. */
export function printCalibration(terminal: Terminal, rows: readonly CalibrationRow[]): void {
  const columns = [
    ...[{ title: 'benchmark' }, { title: 'code in' }, { title: 'times', ...RIGHT }],
    ...[
      { title: 'measured', ...RIGHT },
      { title: 'simulator', ...RIGHT },
      { title: 'ratio', ...RIGHT },
    ],
    { title: 'each', ...RIGHT },
  ];
  const cells = rows.map(({ benchmark, place, simulated, measured }) => [
    ...[benchmark.name, place, String(benchmark.times)],
    ...[measured === undefined ? '–' : String(measured), String(simulated), ratio(measured, simulated)],
    ((measured ?? simulated) / benchmark.times).toFixed(2),
  ]);
  terminal.print(renderTable(columns, cells));
}

/** Measured over simulated. */
function ratio(measured: number | undefined, simulated: number): string {
  return measured === undefined || simulated === 0 ? '–' : (measured / simulated).toFixed(3);
}

/** Which assumptions measurements contradict. */
export function printContradictions(terminal: Terminal, wrong: readonly Contradiction[]): void {
  const { green, red } = terminal.colors;
  if (wrong.length === 0) {
    terminal.print(`${green('✓')} every figure is that of the timing model`);
    return;
  }
  for (const { text, rows, ofRows } of wrong) {
    terminal.print(`${red('✗')} wrong on this chip: ${text}`);
    const shown = rows.map(
      ({ benchmark, place, simulated, measured }) =>
        `${benchmark.name} from ${place} ${(measured! / benchmark.times).toFixed(2)} instead of ${(simulated / benchmark.times).toFixed(2)}`,
    );
    terminal.print(`  ${rows.length} of ${ofRows} figures: ${shown.join('; ')}`);
  }
}
