// Peers from registries beside ours, from packages/exporter/bench/peers.mjs.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, percent, table } from './markdown.mjs';

const results = () => measured(join(root, 'packages', 'exporter', 'bench', 'results', 'peers.json'));

function onHost() {
  const found = results();
  if (found === undefined) return undefined;
  const { rows, machine, date, command } = found;
  const ours = rows.at(-1).microseconds;
  return [
    table(
      ['', 'version', 'accuracy', 'an image', 'against ours (int8)', 'model or C source'],
      rows.map(({ peer, version, accuracy, microseconds, bytes }) => [
        peer,
        version ?? 'this repository',
        percent(accuracy),
        `${microseconds.toFixed(2)} µs`,
        `× ${(microseconds / ours).toFixed(2)}`,
        `${count(bytes)} B`,
      ]),
    ),
    `\`${command}\` in \`packages/exporter\`, ${date}: ${machine}.`,
  ].join('\n\n');
}

function onParts() {
  const found = results();
  if (found === undefined) return undefined;
  const rows = found.rows.flatMap(({ peer, parts = [] }) => parts.map((one) => ({ peer, ...one })));
  return table(
    ['', 'part', 'kernels', 'flash', 'RAM', 'cycles'],
    rows.map(({ peer, part, kernels, flash, ram, cycles }) => [
      peer,
      `\`${part}\``,
      kernels,
      `${count(flash)} B`,
      `${count(ram)} B`,
      count(cycles),
    ]),
  );
}

export const peersTables = { peers: onHost, 'peers-parts': onParts };
