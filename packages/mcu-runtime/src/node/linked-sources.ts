// Which files of the C runtime belong to the functions that a program calls: as a linker would choose them, by what compilers found in each
// file (c/link-table.json; kernels/link-table.ts writes it).
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runtimeSources } from './runtime-sources.js';

/** What is in the sources, by their paths in c/. */
export type LinkTable = Readonly<
  Record<
    string,
    {
      readonly defines: readonly string[];
      /** Of other files. */
      readonly needs: readonly string[];
      /** Headers, those that they include in turn too. */
      readonly includes: readonly string[];
    }
  >
>;

export interface LinkRequest {
  /** Names of functions that the program calls, and of headers that it includes. */
  readonly functions: readonly string[];
  readonly headers: readonly string[];
  /** `fast`, `avr`: the fast kernels of a name in place of the plain ones. */
  readonly variant: 'plain' | 'fast' | 'avr';
  /** Ends of the names of files for an instruction set (`rv32e`, `thumb`, `avr`: assembly; `dsp`: C) that go along with the C of a name. */
  readonly assembly?: readonly string[];
}

/** Absolute paths of sources and headers that the functions need, sorted by their bare names. Names that are not the runtime's are passed over. */
export function linkedSources({ functions, headers, variant, assembly = [] }: LinkRequest): string[] {
  const table = linkTable();
  const { root, include, files } = runtimeSources(variant);
  const definedIn = new Map<string, string[]>();
  for (const path of files) {
    const [, kind] = /_(dsp)\.c$/.exec(path) ?? /_([a-z0-9]+)\.S$/.exec(path) ?? [];
    if (kind !== undefined && !assembly.includes(kind)) continue;
    for (const name of entryOf(table, root, path).defines) definedIn.set(name, [...(definedIn.get(name) ?? []), path]);
  }
  const needed = new Set<string>();
  const pending = functions.flatMap((name) => definedIn.get(name) ?? []);
  const add = (path: string) => {
    for (const header of entryOf(table, root, path).includes) {
      if (assembly.includes('dsp') || !DSP_HEADER.test(header)) needed.add(join(root, header));
    }
  };
  for (const header of headers) {
    const path = include.map((folder) => join(folder, header)).find((candidate) => existsSync(candidate));
    if (path === undefined) continue;
    needed.add(path);
    add(path);
  }
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (needed.has(path)) continue;
    needed.add(path);
    add(path);
    pending.push(...entryOf(table, root, path).needs.flatMap((name) => definedIn.get(name) ?? []));
  }
  return [...needed].sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

/** What is included only where the DSP extension is there. */
const DSP_HEADER = /_dsp[._]\w*h$/;

function entryOf(table: LinkTable, root: string, path: string): LinkTable[string] {
  const name = path.slice(root.length + 1).replaceAll('\\', '/');
  const found = table[name];
  if (found === undefined) {
    throw new Error(
      `${name} is not in the link table of the C runtime; run \`npm run build:link-table\` in packages/mcu-runtime`,
    );
  }
  return found;
}

let read: LinkTable | undefined;

/** The table that is shipped beside the sources. */
export function linkTable(): LinkTable {
  read ??= JSON.parse(readFileSync(join(runtimeSources().root, 'link-table.json'), 'utf8')) as LinkTable;
  return read;
}
