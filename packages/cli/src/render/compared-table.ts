// The sides of a comparison as a table.
import type { JudgedRun } from '@bitnetmcu/studies/internal';
import { count, percent } from './quantities.js';
import { renderTable } from './table.js';

interface ShownSide {
  readonly name: string;
  readonly weightBytes: number;
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
}

type Judged = Pick<JudgedRun, 'part' | 'measure'>;

export function comparedTable(sides: readonly ShownSide[], { part, measure }: Judged): string {
  const value = (number: number) => (measure === 'accuracy' ? percent(number) : number.toFixed(3));
  return renderTable(
    [
      { title: 'side' },
      { title: 'runs', align: 'right' },
      { title: `${measure} on ${part === 'test' ? 'test' : 'held-out'} samples`, align: 'right' },
      { title: 'deviation', align: 'right' },
      { title: 'weights', align: 'right' },
    ],
    sides.map((side) => [
      side.name,
      String(side.count),
      value(side.mean),
      side.count > 1 ? value(side.deviation) : '',
      `${count(side.weightBytes)} B`,
    ]),
  );
}
