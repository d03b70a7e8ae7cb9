// The summary as a text table.
import { formatShape } from '../tensor-shape.js';
import type { LayerSummary, NetworkSummary } from './summary.js';

const HEADINGS = ['layer', 'operation', 'output', 'parameters', 'format', 'bits', 'bytes', 'MACs'] as const;
const LEFT_ALIGNED = new Set([0, 1, 4]);

/**
 * The summary as lines of text, without a trailing newline. 1 kB = 1024 bytes, as data sheets of microcontrollers count.
 *
 * @example
 * ```ts
 * import { buildPreset, formatSummary, summarizeSpec } from '@bitnetmcu/models';
 *
 * console.log(formatSummary(summarizeSpec(buildPreset('fc-12k'))));
 * ```
 */
export function formatSummary(summary: NetworkSummary): string {
  const { total } = summary;
  const rows = [
    [...HEADINGS],
    ['input', '', formatShape(summary.inputShape), '', '', '', '', ''],
    ...summary.layers.map(cells),
    ['total', '', '', String(total.parameters), '', '', String(total.bytes), String(total.macs)],
  ];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (LEFT_ALIGNED.has(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  lines.splice(1, 0, rule);
  lines.splice(-1, 0, rule);
  const weights = `weights ${kilobytes(total.bytes)} (${total.bytes} bytes)`;
  return [
    `${summary.name}`,
    ...lines,
    `${weights}, activations ${total.ramBytes} bytes of RAM, ${total.macs} multiply-accumulates`,
  ].join('\n');
}

/** `12.3 kB`; 1 kB = 1024 bytes. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} kB`;
}

function cells(layer: LayerSummary): string[] {
  const shown = (value: number | undefined) => (value === undefined || value === 0 ? '' : String(value));
  const { name, operation, outputShape, parameters, format, bits, bytes, macs } = layer;
  return [
    name,
    operation,
    formatShape(outputShape),
    shown(parameters),
    format ?? '',
    shown(bits),
    shown(bytes),
    shown(macs),
  ];
}
