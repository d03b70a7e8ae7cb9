// Compiles and links one kernel image and writes it as a TypeScript module for src/targets/prebuilt.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readElf } from '../src/sim/elf.js';
import type { Program, ProgramSymbol, Segment } from '../src/sim/program.js';
import type { KernelImageData } from '../src/targets/kernel-image.js';
import type { KernelBuild } from './kernel-builds.js';

/** First line of `gcc --version`, or undefined where it is not installed. */
export function compilerVersion({ compiler }: KernelBuild): string | undefined {
  const { status, stdout } = spawnSync(`${compiler}-gcc`, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

/** Builds the image; throws with the compiler's messages. */
export function buildKernelImage(build: KernelBuild): KernelImageData {
  const folder = mkdtempSync(join(tmpdir(), 'bnm-kernels-'));
  const run = (tool: string, args: readonly string[]) =>
    execFileSync(`${build.compiler}-${tool}`, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
  try {
    const compile = (flags: readonly string[], sources: readonly string[]) =>
      run('gcc', [
        ...build.flags,
        ...['-std=c99', '-ffreestanding', '-ffunction-sections', '-fdata-sections', '-c'],
        ...flags,
        ...build.include.map((path) => `-I${path}`),
        ...sources,
      ]);
    const isHot = (path: string) => build.hot === 'fast' && ['fast', 'avr'].includes(basename(dirname(path)));
    const kernels = build.sources.filter((path) => path !== build.dispatcher);
    compile(
      build.sizeFlags,
      kernels.filter((path) => !isHot(path)),
    );
    const hot = kernels.filter(isHot);
    if (hot.length > 0) compile(build.speedFlags, hot);
    if (build.dispatcher !== undefined) compile([...build.sizeFlags, '-fstack-usage'], [build.dispatcher]);
    const objects = build.sources.map((path) => basename(path).replace(/\.[cS]$/, '.o'));
    run('gcc', [
      ...build.flags,
      ...build.sizeFlags,
      ...['-nostdlib', '-nostartfiles', ...objects, '-lgcc', ...build.linkerFlags],
      ...[`-Wl,--gc-sections,--emit-relocs,${build.roots.map((root) => `-u,${root}`).join(',')}`, '-o', 'kernels.elf'],
    ]);
    const program = readElf(readFileSync(join(folder, 'kernels.elf')), build.elfMachine);
    const symbolTable = run('readelf', ['-sW', 'kernels.elf']);
    const { segments } = program;
    const named = namedSymbols(program, symbolTable);
    return {
      segments: segments.map(({ address, loadAddress, size, bytes }) => ({
        address,
        loadAddress,
        size,
        base64: Buffer.from(bytes).toString('base64'),
      })),
      symbols: named.map(
        ({ name, address, size, kind }) => [name, address, size, kind === 'function' ? 1 : 0] as const,
      ),
      references: readReferences(run('readelf', ['-rW', 'kernels.elf']), named, segments),
      ...dispatchersOf(build, folder, symbolTable),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function dispatchersOf({ dispatcher }: KernelBuild, folder: string, symbolTable: string) {
  if (dispatcher === undefined) return { dispatchers: [], dispatcherStack: 0 };
  const source = basename(dispatcher);
  const listing = readFileSync(join(folder, source.replace(/c$/, 'su')), 'utf8');
  return { dispatchers: readSymbolsOf(source, symbolTable), dispatcherStack: readStackUse(listing) };
}

/** What the linker script defines. */
const LINKER_SYMBOL = /^__(flash|ram|data|bss|stack|trap|global)_/;

/** Functions and tables with their sizes. Assembly of the compiler's library has none: there a function ends where the next begins. */
function namedSymbols({ symbols, segments }: Program, symbolTable: string): ProgramSymbol[] {
  const globals = new Set(
    symbolTable.split('\n').flatMap((line) => {
      const [, , , , binding, , section, name] = line.trim().split(/\s+/);
      return binding === 'GLOBAL' && section !== 'UND' && section !== 'ABS' && name !== undefined ? [name] : [];
    }),
  );
  const isNamed = ({ name, size }: ProgramSymbol) => size > 0 || (globals.has(name) && !LINKER_SYMBOL.test(name));
  const kept = symbols
    // Thumb functions have odd addresses.
    .map((symbol) => (symbol.kind === 'function' ? { ...symbol, address: symbol.address & ~1 } : symbol))
    .filter(isNamed)
    .filter(({ address }, i, all) => all[i + 1]?.address !== address);
  return kept.map((symbol, i) => {
    const kind = symbol.kind === 'object' ? 'object' : 'function';
    if (symbol.size > 0) return { ...symbol, kind };
    const segment = segments.find(({ address, size }) => symbol.address >= address && symbol.address < address + size)!;
    const end = Math.min(segment.address + segment.size, kept[i + 1]?.address ?? Number.POSITIVE_INFINITY);
    return { ...symbol, kind, size: end - symbol.address };
  });
}

/** Which symbol refers to which others, as indices, from the relocations that the linker left. */
function readReferences(
  listing: string,
  symbols: readonly ProgramSymbol[],
  segments: readonly Segment[],
): (readonly number[])[] {
  const indexAt = (address: number) => symbols.findIndex((s) => address >= s.address && address < s.address + s.size);
  const references = symbols.map(() => new Set<number>());
  for (const line of listing.split('\n')) {
    // Offset  Info  Type  Sym. Value  Symbol's Name + Addend
    const match = /^([0-9a-f]{8}) +[0-9a-f]{8} (R_\w+) +([0-9a-f]{8}) +\S+(?: ([+-]) ([0-9a-f]+))?/.exec(line);
    if (match === null) continue;
    const at = Number.parseInt(match[1]!, 16);
    const addend = Number.parseInt(match[5] ?? '0', 16) * (match[4] === '-' ? -1 : 1);
    // Sections that are not loaded (descriptions of stack frames in the compiler's library) refer to functions too.
    const from = indexAt(at);
    if (from === -1) continue;
    // On Arm the addend stands in the program: there the word is the address itself.
    const target = match[2] === 'R_ARM_ABS32' ? wordAt(segments, at) & ~1 : Number.parseInt(match[3]!, 16) + addend;
    const to = indexAt(target);
    // Start-up code refers to where sections begin and end, not to what stands there.
    if (to !== -1 && from !== to && symbols[from]!.name !== 'reset') references[from]!.add(to);
  }
  return references.map((set) => [...set].sort((a, b) => a - b));
}

function wordAt(segments: readonly Segment[], at: number): number {
  const segment = segments.find(({ address, bytes }) => at >= address && at + 4 <= address + bytes.length)!;
  return new DataView(segment.bytes.buffer, segment.bytes.byteOffset).getUint32(at - segment.address, true);
}

/** Functions and tables that one source file defines: its local ones stand behind its name in the symbol table. */
function readSymbolsOf(source: string, listing: string): string[] {
  const names = [source.replace(/\.c$/, '')];
  let file = '';
  for (const line of listing.split('\n')) {
    const [, , , type, binding, , , name] = line.trim().split(/\s+/);
    if (type === 'FILE') file = name ?? '';
    else if ((type === 'FUNC' || type === 'OBJECT') && binding === 'LOCAL' && file === source) names.push(name!);
  }
  return names;
}

/** Bytes of stack that every kernel call has above it, from GCC's listing: file:line:column:function, bytes, kind. */
function readStackUse(listing: string): number {
  const frames = new Map(
    listing.split('\n').map((line) => [line.split('\t')[0]!.split(':').pop(), line.split('\t')[1]]),
  );
  return Number(frames.get('bnm_run')) + Number(frames.get('step'));
}

/** The text of the module that holds an image. */
export function kernelImageModule(build: KernelBuild, image: KernelImageData): string {
  const lines = [
    '// Generated by `npm run build:kernels`: do not edit.',
    `// compiler: ${compilerVersion(build)}`,
    'export const IMAGE =',
    `  '${JSON.stringify(image)}';`,
  ];
  return `${lines.join('\n')}\n`;
}
