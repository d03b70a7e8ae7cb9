// The table of the keywords: what examples/keywords reaches and costs, from its results.json.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, table } from './markdown.mjs';

const reached = (passed) => (passed ? 'reached' : '**missed**');

function figures() {
  const results = measured(join(root, 'examples', 'keywords', 'results.json'));
  if (results === undefined) return undefined;
  const { seeds, mean, deviation, bar, passed, cost, costsMeasured, command, date, samples, speakers, best, epochs } =
    results;
  const { multiplier, none, clockHz, rate, framesASecond } = cost;
  const ram = ({ staticRam, stack }) => `${count(staticRam)} + ${count(stack)} B`;
  const percent = (value) => `${value.toFixed(1)} %`;
  const cells = (title, of) => [title, of(multiplier), of(none)];
  const accuracy = table(
    ['', '', 'bar'],
    [
      [
        `test speakers, integers, ${seeds.length} seeds`,
        `**${mean.toFixed(2)} ± ${deviation.toFixed(2)} %** (${seeds.map(({ test }) => test.toFixed(2)).join(', ')})`,
        `≥ ${bar.accuracy} %: ${reached(passed.accuracy)}`,
      ],
      ['validation speakers', seeds.map(({ validation }) => `${validation.toFixed(2)} %`).join(', '), ''],
      [
        'weights + features, flash',
        `${count(cost.weightBytes)} + ${count(multiplier.featureBytes)} B`,
        `≤ ${count(bar.flashBytes)} B: ${reached(passed.flashBytes)}`,
      ],
      [
        'the same without a multiplier',
        `${count(cost.weightBytes)} + ${count(none.featureBytes)} B`,
        `≤ ${count(bar.flashBytes)} B: ${reached(passed.flashBytesWithoutMultiplier)}`,
      ],
      [
        'front end, window and network, RAM + stack',
        ram(multiplier),
        `≤ ${count(bar.ramBytes)} B: ${reached(passed.ramBytes)}`,
      ],
      [
        `of ${clockHz / 1e6} MHz without a multiplier, 1 decision a second`,
        percent(none.load.once),
        `real time: ${reached(passed.realTime)}`,
      ],
    ],
  );
  const loads = table(
    [`${cost.part}, ${clockHz / 1e6} MHz`, 'as it is', 'without its multiplier'],
    [
      cells('cycles of a frame', ({ frameCycles }) => count(frameCycles)),
      cells('cycles of the network', ({ networkCycles }) => count(networkCycles)),
      cells(`${framesASecond} frames and 1 decision a second`, ({ load }) => percent(load.once)),
      cells(`${framesASecond} frames and 2 decisions a second`, ({ load }) => percent(load.twice)),
      cells('the whole program, flash', ({ flash }) => `${count(flash)} B`),
      cells('RAM + stack', ram),
      cells(
        'values that arrive while the network runs',
        (one) => `${count((2 * rate * one.networkCycles) / clockHz)} B`,
      ),
    ],
  );
  const parts = `${count(samples.training)} recordings of ${speakers.training} speakers in training and validation, ${count(samples.test)} of ${speakers.test} others in the test part; ${epochs} epochs`;
  const again = costsMeasured === undefined ? '' : ` Costs again ${costsMeasured.date}: \`${costsMeasured.command}\`.`;
  return `${accuracy}\n\n${loads}\n\n${parts}. Costs are those of seed ${best}, which validation speakers like most. Measured ${date}: \`${command}\`.${again}`;
}

export const keywordsTables = { keywords: async () => figures() };
