// The table of what the C sources define, need and include, against the compilers. With BNM_WRITE_KERNELS=1 it is written instead.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linkTable as readTable } from '../src/node/linked-sources.js';
import { runtimeSources } from '../src/node/runtime-sources.js';
import { LINK_COMPILERS, linkTable } from './link-table.js';

it.runIf(process.env.BNM_WRITE_KERNELS === '1')('link-table.json is written', () => {
  const table = linkTable(LINK_COMPILERS);
  const lines = Object.entries(table).map(([file, entry]) => `  ${JSON.stringify(file)}: ${JSON.stringify(entry)}`);
  writeFileSync(join(runtimeSources().root, 'link-table.json'), `{\n${lines.join(',\n')}\n}\n`);
});

it.skipIf(process.env.BNM_WRITE_KERNELS === '1')('link-table.json is what the compilers find', () => {
  expect(readTable()).toEqual(linkTable(LINK_COMPILERS));
});
