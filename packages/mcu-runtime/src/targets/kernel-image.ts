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
  /** Bytes of stack that the interpreter uses above every kernel. */
  readonly dispatcherStack: number;
}

export interface KernelImage {
  readonly program: Program;
  readonly references: readonly (readonly number[])[];
  readonly dispatchers: ReadonlySet<string>;
  readonly dispatcherStack: number;
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
  // Static functions of several files may have one name; what a run executed is told apart by names.
  const seen = new Map<string, number>();
  const uniqueName = (name: string): string => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 || data.dispatchers.includes(name) ? name : `${name}.${count}`;
  };
  const symbols = data.symbols.map(
    ([name, address, size, isFunction]): ProgramSymbol => ({
      name: uniqueName(name),
      address,
      size,
      kind: isFunction === 1 ? 'function' : 'object',
    }),
  );
  return {
    program: { entry: segments[0]!.address, segments, symbols },
    references: data.references,
    dispatchers: new Set(data.dispatchers),
    dispatcherStack: data.dispatcherStack,
  };
}

/** Straight-line code that loads a kernel's arguments and calls it: 212 bytes for the 8 calls of fc-12k on RV32EC, less elsewhere. */
const CALL_BYTES = 28;

/**
 * What exported firmware with these functions holds: they, the start-up code, and all that they refer to, as a linker that drops
 * unused sections would keep it. The interpreter does not count: exported C calls the kernels directly. Bytes that belong to no
 * symbol (padding, switch tables) count in full.
 * @param executed names of the functions that ran
 * @param calls kernel calls in the model's code
 */
export function codeSize(
  { program, references, dispatchers }: KernelImage,
  executed: Iterable<string>,
  calls: number,
): CodeSize {
  const { segments, symbols } = program;
  const needed = new Set<number>();
  const need = (index: number): void => {
    if (needed.has(index) || dispatchers.has(symbols[index]!.name)) return;
    needed.add(index);
    references[index]!.forEach(need);
  };
  const names = new Set([...executed, 'reset']);
  symbols.forEach(({ name }, index) => {
    if (names.has(name)) need(index);
  });
  let flash = calls * CALL_BYTES;
  let ram = 0;
  for (const { address, loadAddress, size, bytes } of segments) {
    // Symbols may lie within others: bytes are dropped where only unneeded ones cover them.
    const isDropped = new Uint8Array(size);
    const cover = (wanted: boolean, value: number) =>
      symbols.forEach((symbol, index) => {
        const begin = symbol.address - address;
        if (begin >= 0 && begin < size && needed.has(index) === wanted)
          isDropped.fill(value, begin, begin + symbol.size);
      });
    cover(false, 1);
    cover(true, 0);
    const stays = size - isDropped.reduce((sum, dropped) => sum + dropped, 0);
    if (bytes.length > 0) flash += stays;
    if (address !== loadAddress || bytes.length === 0) ram += stays;
  }
  return { flash, ram };
}
