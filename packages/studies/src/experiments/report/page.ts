// A page as a list of blocks, and the two forms in which it is written: Markdown with pictures beside it, and one HTML file that holds everything.
import { xmlText } from '@bitnetmcu/models/internal';
import { unknownValue } from '../../unknown-value.js';

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      /** Cells are plain text; the first column is flush left, the others right. */
      readonly rows: readonly (readonly string[])[];
    }
  | {
      readonly kind: 'figure';
      /** Of the file beside a Markdown page. */
      readonly file: string;
      readonly svg: string;
      /** What it shows, for who does not see it. */
      readonly text: string;
    };

export interface Page {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Names and texts of experiments are written by us; what would be markup in them is none all the same. */
const markdownText = (text: string) => text.replace(/[\\|<>*_`[\]]/g, (character) => `\\${character}`);

export function markdownPage({ title, blocks }: Page): string {
  return `${[`# ${markdownText(title)}`, ...blocks.map(markdownBlock)].join('\n\n')}\n`;
}

function markdownBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `## ${markdownText(block.text)}`;
    case 'paragraph':
      return markdownText(block.text);
    case 'list':
      return block.items.map((item) => `- ${markdownText(item)}`).join('\n');
    case 'table': {
      const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
      const rule = block.columns.map((_, i) => (i === 0 ? '---' : '---:'));
      return [line(block.columns), `| ${rule.join(' | ')} |`, ...block.rows.map(line)].join('\n');
    }
    case 'figure':
      return `![${markdownText(block.text)}](${block.file})`;
    default:
      throw unknownValue('block of a page', block);
  }
}

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;color:#1a202c;max-width:72rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse;display:block;overflow-x:auto}th,td{padding:.25rem .6rem;border-bottom:1px solid #e3e6eb;text-align:right;white-space:nowrap}' +
  'th:first-child,td:first-child{text-align:left}svg{max-width:100%;height:auto}h2{margin-top:2rem}';

/** Self-contained: nothing is loaded. */
export function htmlPage({ title, blocks }: Page): string {
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${xmlText(title)}</title><style>${STYLE}</style></head>`,
    `<body><h1>${xmlText(title)}</h1>`,
    ...blocks.map(htmlBlock),
    '</body></html>',
    '',
  ].join('\n');
}

function htmlBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${xmlText(block.text)}</h2>`;
    case 'paragraph':
      return `<p>${xmlText(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${xmlText(item)}</li>`).join('')}</ul>`;
    case 'table': {
      const line = (cells: readonly string[], tag: string) =>
        `<tr>${cells.map((cell) => `<${tag}>${xmlText(cell)}</${tag}>`).join('')}</tr>`;
      return `<table><thead>${line(block.columns, 'th')}</thead><tbody>${block.rows.map((row) => line(row, 'td')).join('')}</tbody></table>`;
    }
    case 'figure':
      return `<figure role="img" aria-label="${xmlText(block.text)}">${block.svg}</figure>`;
    default:
      throw unknownValue('block of a page', block);
  }
}
