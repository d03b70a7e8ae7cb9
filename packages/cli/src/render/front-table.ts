// The networks of a front as a table.
import type { WrittenPoint } from '../results/search-front.js';
import { count, percent } from './quantities.js';
import { renderTable } from './table.js';

export function frontTable(points: readonly WrittenPoint[]): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  return renderTable(
    [
      right(''),
      right('held out'),
      right('test'),
      right('weights'),
      right('flash'),
      right('RAM'),
      right('ms'),
      { title: 'model' },
    ],
    points.map(({ number, validation, test, costs, model }) => [
      String(number),
      percent(validation),
      test === undefined ? '' : percent(test),
      `${count(costs.weightBytes)} B`,
      `${count(costs.flashBytes)} B`,
      `${count(costs.ramBytes)} B`,
      costs.milliseconds === undefined ? '' : costs.milliseconds.toFixed(2),
      model,
    ]),
  );
}
