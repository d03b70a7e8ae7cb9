// The elements that the plots of this package are made of.
import { xmlText } from '@bitnetmcu/models/internal';

type Point = readonly [x: number, y: number];

/** A picture on white, with a text size for all of it. @param title what it is, for who does not see it */
export function svgDocument(
  { width, height, title }: { readonly width: number; readonly height: number; readonly title: string },
  elements: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#4a5568">`,
    `<title>${xmlText(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...elements,
    '</svg>',
    '',
  ].join('\n');
}

export function svgLine([x1, y1]: Point, [x2, y2]: Point, color: string, width = 1): string {
  const thick = width === 1 ? '' : ` stroke-width="${width}"`;
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${color}"${thick}/>`;
}

/** @param attributes as they stand in the element */
export function svgText(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${xmlText(content)}</text>`;
}
