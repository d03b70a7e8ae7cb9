// The table of what the C sources define, need and include, against the compilers. With BNM_WRITE_KERNELS=1 it is written instead; a missing
// cross compiler then leaves out only what sources do on its parts alone.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linkTable as readTable } from '../src/node/linked-sources.js';
import { runtimeSources } from '../src/node/runtime-sources.js';
import { LINK_COMPILERS, type LinkCompiler, linkTable } from './link-table.js';

const HOST: LinkCompiler = { command: ['cc'], nm: 'nm' };

it.runIf(process.env.BNM_WRITE_KERNELS === '1')('link-table.json is written', () => {
  const present = LINK_COMPILERS.filter(({ command: [name] }) => spawnSync(name, ['--version']).status === 0);
  const table = linkTable(present.length === LINK_COMPILERS.length ? present : [...present, HOST]);
  const lines = Object.entries(table).map(([file, entry]) => `  ${JSON.stringify(file)}: ${JSON.stringify(entry)}`);
  writeFileSync(join(runtimeSources().root, 'link-table.json'), `{\n${lines.join(',\n')}\n}\n`);
});

it.skipIf(process.env.BNM_WRITE_KERNELS === '1')('link-table.json is what the compilers find', () => {
  expect(readTable()).toEqual(linkTable(LINK_COMPILERS));
});
