// The licence that exported code stands under: its text beside it, and a line in every file that takes a comment.
import type { ExportedFile } from '../c/export-c.js';

const SPDX = 'SPDX-License-Identifier: MIT';

/** LICENSE of this repository. */
const TEXT = `MIT License

Copyright (c) 2026 the bitnetmcu authors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;

/** Its text, for the folder of the generated sources. */
export const LICENCE_FILE: ExportedFile = { path: 'LICENSE', content: TEXT };

/** How a line becomes a comment, by the end of a file's path. Others take none: JSON names the licence in a field. */
const COMMENTS: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/\.(c|h|S|cpp|ino|ld)$/, (text) => `/* ${text} */`],
  [/(^|\/)(Makefile|CMakeLists\.txt|Kconfig|keywords\.txt)$|\.(mk|cmake|properties|yml|conf)$/, (text) => `# ${text}`],
  [/\.ini$/, (text) => `; ${text}`],
  [/\.mjs$/, (text) => `// ${text}`],
  [/\.(pdsc|md)$/, (text) => `<!-- ${text} -->`],
];

/** What has to stay a file's first line. */
const FIRST_LINE = /^(#!|<\?xml).*\n/;

/** The files with that line at their top, each once. */
export function withLicence(files: readonly ExportedFile[]): readonly ExportedFile[] {
  return files.map((file) => {
    const comment = COMMENTS.find(([end]) => end.test(file.path))?.[1](SPDX);
    if (comment === undefined || file.content.includes(comment)) return file;
    const [first = ''] = FIRST_LINE.exec(file.content) ?? [];
    return { ...file, content: `${first}${comment}\n${file.content.slice(first.length)}` };
  });
}
