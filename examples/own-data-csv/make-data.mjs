// Stands in for your own measurements: vibration spectra of a motor in four states, 16 bands between 0 and 1, one row a second.
import { writeFileSync } from 'node:fs';

const ROWS = 1200;
const BANDS = 16;

/** Band and height of the peaks of each state: rotation, its harmonics, the ball-pass frequency of a bearing. */
const STATES = {
  off: [],
  normal: [
    [3, 0.5],
    [6, 0.2],
  ],
  unbalanced: [
    [3, 0.9],
    [6, 0.2],
  ],
  bearing: [
    [3, 0.5],
    [6, 0.25],
    [11, 0.35],
    [12, 0.2],
  ],
};

/** mulberry32: the same data every time. */
let state = 7;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const header = [...Array.from({ length: BANDS }, (_, band) => `band${band}`), 'state'].join(',');
const names = Object.keys(STATES);
const rows = Array.from({ length: ROWS }, (_, row) => {
  const name = names[row % names.length];
  const load = 0.7 + 0.5 * random();
  const drift = random() - 0.5;
  const spectrum = Array.from({ length: BANDS }, (_, band) => {
    const peaks = STATES[name].map(([at, height]) => height * load * Math.exp(-((band - at - drift) ** 2)));
    const noise = 0.05 + 0.12 * random();
    return Math.min(1, noise + peaks.reduce((sum, peak) => sum + peak, 0)).toFixed(3);
  });
  return [...spectrum, name].join(',');
});
writeFileSync('motor.csv', `${[header, ...rows].join('\n')}\n`);
console.log(`motor.csv: ${ROWS} rows, states ${names.join(', ')}`);
