// Every exported file says under which licence it stands, and the text is beside it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallInputs, smallModel } from '../firmware/__fixtures__/projects.js';
import { FIRMWARE_KIND_NAMES } from '../firmware/firmware-kinds.js';
import { firmwareProject } from '../firmware/firmware-project.js';
import { LICENCE_FILE } from './licence.js';
import { exportFiles } from './write-export.js';

const root = join(import.meta.dirname, '../../../..');

describe('licence', () => {
  it('is that of the repository', () => {
    expect(LICENCE_FILE.content).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });

  it.each(['export', ...FIRMWARE_KIND_NAMES] as const)('is named by every file of %s', (kind) => {
    const files =
      kind === 'export'
        ? exportFiles(smallModel(), { target: 'ch32v003' })
        : firmwareProject(smallModel(), kind, smallInputs).files;
    expect(files.filter(({ path }) => path.endsWith('LICENSE')).map(({ content }) => content)).toEqual([
      LICENCE_FILE.content,
    ]);
    for (const { path, content } of files) {
      if (path.endsWith('LICENSE')) continue;
      const lines = content.split('\n').slice(0, 2).join('\n');
      if (path.endsWith('.json')) expect(JSON.parse(content)).toMatchObject({ license: 'MIT' });
      else expect(lines, path).toMatch(/SPDX-License-Identifier: MIT\b/);
    }
  });
});
