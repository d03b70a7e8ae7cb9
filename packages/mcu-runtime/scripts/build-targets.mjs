// Writes the lists of what lies in two folders: src/generated/parts.ts of the records in src/targets/parts, and
// src/generated/kernel-images.ts of the prebuilt images in src/targets/prebuilt. A new part or image needs no other list.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const source = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** The text of each generated file by its name. */
export function generatedLists() {
  const parts = modulesIn('parts');
  const images = modulesIn('prebuilt').filter((name) => name !== 'firmware-facts');
  return {
    'parts.ts': [
      '// Written by scripts/build-targets.mjs: do not edit. The records of src/targets/parts.',
      ...parts.map((name) => `import { ${name} } from '../targets/parts/${name}.js';`),
      '',
      `export const PARTS = { ${parts.join(', ')} } as const;`,
      '',
    ].join('\n'),
    'kernel-images.ts': [
      '// Written by scripts/build-targets.mjs: do not edit. The images of src/targets/prebuilt, each loaded when it is wanted.',
      'export const IMAGES: Readonly<Record<string, () => Promise<string>>> = {',
      ...images.map((name) => `  '${name}': async () => (await import('../targets/prebuilt/${name}.js')).IMAGE,`),
      '};',
      '',
    ].join('\n'),
  };
}

function modulesIn(folder) {
  return readdirSync(join(source, 'targets', folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.ts$/, ''))
    .sort();
}

/** Files that are as they should be stay untouched. */
export function writeLists() {
  const folder = join(source, 'generated');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(generatedLists())) {
    const path = join(folder, name);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) writeLists();
