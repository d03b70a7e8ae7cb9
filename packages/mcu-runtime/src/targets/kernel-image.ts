// A prebuilt kernel image: the interpreter with every kernel, linked for one target, and what it says about its functions.
import type { Program, ProgramSymbol } from '../sim/program.js';

/** As it stands in src/targets/prebuilt, written by kernels/build-kernel-image.ts. */
export interface KernelImageData {
  readonly segments: readonly {
    readonly address: number;
    readonly loadAddress: number;
    readonly size: number;
    readonly base64: string;
  }[];
  /** Name, address, bytes, 1 for a function or 0 for a table; in ascending order of addresses. */
  readonly symbols: readonly (readonly [name: string, address: number, size: number, isFunction: number])[];
  /** For each symbol those that it refers to. */
  readonly references: readonly (readonly number[])[];
  /** Functions that call kernels by number, and their tables: references to kernels say nothing about what a model needs. */
  readonly dispatchers: readonly string[];
}

export interface KernelImage {
  readonly program: Program;
  readonly references: readonly (readonly number[])[];
  readonly dispatchers: ReadonlySet<string>;
}

/** Bytes of an image that one model needs. */
export interface CodeSize {
  /** In flash: code, tables, initial values, and the copies of what runs in RAM. */
  readonly flash: number;
  /** Functions and variables in RAM. */
  readonly ram: number;
}

export function decodeKernelImage(json: string): KernelImage {
  const data = JSON.parse(json) as KernelImageData;
  const segments = data.segments.map(({ address, loadAddress, size, base64 }) => ({
    address,
    loadAddress,
    size,
    bytes: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
  }));
  const symbols = data.symbols.map(
    ([name, address, size, isFunction]): ProgramSymbol => ({
      name,
      address,
      size,
      kind: isFunction === 1 ? 'function' : 'object',
    }),
  );
  return {
    program: { entry: segments[0]!.address, segments, symbols },
    references: data.references,
    dispatchers: new Set(data.dispatchers),
  };
}

/**
 * What a firmware with these functions holds: they, the start-up code, and all that they refer to, as a linker that drops unused
 * sections would keep it. Bytes that belong to no symbol (padding, switch tables) count in full.
 * @param executed names of the functions that ran
 */
export function codeSize({ program, references, dispatchers }: KernelImage, executed: Iterable<string>): CodeSize {
  const { segments, symbols } = program;
  const needed = new Set<number>();
  const need = (index: number): void => {
    if (needed.has(index)) return;
    needed.add(index);
    const { name, kind } = symbols[index]!;
    if (!dispatchers.has(name)) references[index]!.forEach(need);
    else if (kind === 'function') references[index]!.filter(isDispatchTable).forEach(need);
  };
  const isDispatchTable = (index: number) => symbols[index]!.kind === 'object' && dispatchers.has(symbols[index]!.name);
  const names = new Set([...executed, 'reset']);
  symbols.forEach(({ name }, index) => {
    if (names.has(name)) need(index);
  });
  let flash = 0;
  let ram = 0;
  for (const { address, loadAddress, size, bytes } of segments) {
    const inside = symbols.flatMap((symbol, index) =>
      symbol.address >= address && symbol.address < address + size ? [{ symbol, isNeeded: needed.has(index) }] : [],
    );
    const dropped = inside.reduce((sum, { symbol, isNeeded }) => sum + (isNeeded ? 0 : symbol.size), 0);
    const stays = size - dropped;
    if (bytes.length > 0) flash += stays;
    if (address !== loadAddress || bytes.length === 0) ram += stays;
  }
  return { flash, ram };
}
