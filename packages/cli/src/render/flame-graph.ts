// A call tree as a flame graph in SVG: a function above its caller, as wide as its share of the cycles. Needs no script to read.
import type { CallNode } from '@bitnetmcu/mcu-runtime/sim';
import { xmlText } from '@bitnetmcu/models/internal';
import { count } from './quantities.js';

const WIDTH = 1200;
const ROW = 18;
const MARGIN = 10;
const HEADER = 48;
/** Monospaced at 12 px. */
const CHARACTER_WIDTH = 7.2;
/** Narrower ones cannot be seen. */
const LEAST_WIDTH = 0.3;

/** @param root its children are the entries of the runs, beside each other */
export function flameGraph(root: CallNode, title: string, subtitle: string): string {
  const depth = depthOf(root);
  const height = HEADER + depth * ROW + MARGIN;
  const scale = (WIDTH - 2 * MARGIN) / Math.max(1, root.totalCycles);
  const frames: string[] = [];
  const draw = (node: CallNode, x: number, level: number): void => {
    const width = node.totalCycles * scale;
    if (width < LEAST_WIDTH) return;
    frames.push(frame(node, root.totalCycles, x, height - MARGIN - (level + 1) * ROW, width));
    drawChildren(node, x, level + 1);
  };
  const drawChildren = (node: CallNode, x: number, level: number): void => {
    let at = x;
    for (const child of [...node.children].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      draw(child, at, level);
      at += child.totalCycles * scale;
    }
  };
  drawChildren(root, MARGIN, 0);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="monospace" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${WIDTH / 2}" y="20" text-anchor="middle" font-size="16">${xmlText(title)}</text>
<text x="${WIDTH / 2}" y="38" text-anchor="middle" fill="#555">${xmlText(subtitle)}</text>
${frames.join('\n')}
</svg>
`;
}

function frame(
  { name, calls, selfCycles, totalCycles }: CallNode,
  all: number,
  x: number,
  y: number,
  width: number,
): string {
  const share = ((100 * totalCycles) / all).toFixed(1);
  const hint = `${name}: ${count(totalCycles)} cycles (${share} %), ${count(selfCycles)} in itself, ${count(calls)} calls`;
  const room = Math.floor((width - 6) / CHARACTER_WIDTH);
  const label = name.length <= room ? name : room > 3 ? `${name.slice(0, room - 1)}…` : '';
  const text = label === '' ? '' : `<text x="${(x + 3).toFixed(1)}" y="${y + 13}">${xmlText(label)}</text>`;
  return `<g><title>${xmlText(hint)}</title><rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" rx="2" fill="${colorOf(name)}"/>${text}</g>`;
}

/** Warm, and the same for the same function everywhere. */
function colorOf(name: string): string {
  let hash = 0;
  for (const character of name) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return `hsl(${10 + (hash % 45)}, ${70 + ((hash >>> 8) % 20)}%, ${62 + ((hash >>> 16) % 14)}%)`;
}

function depthOf({ children }: CallNode): number {
  return children.reduce((deepest, child) => Math.max(deepest, 1 + depthOf(child)), 0);
}
