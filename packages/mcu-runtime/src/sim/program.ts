// A program as the simulators load it: bytes at addresses, and names for them.
import { SimulatorError } from './errors.js';

export interface Segment {
  /** Address at run time. */
  readonly address: number;
  /** Address in flash from which start-up code copies; equal to `address` for what stays in flash. */
  readonly loadAddress: number;
  /** Contents; the rest up to `size` is zero. */
  readonly bytes: Uint8Array;
  readonly size: number;
}

export interface ProgramSymbol {
  readonly name: string;
  readonly address: number;
  /** Bytes; 0 where the assembler did not say. */
  readonly size: number;
  readonly kind: 'function' | 'object' | 'label';
}

export interface Program {
  readonly entry: number;
  readonly segments: readonly Segment[];
  /** In ascending order of addresses. */
  readonly symbols: readonly ProgramSymbol[];
}

/** The symbol of a name; throws `unknown-symbol` naming near ones. */
export function findSymbol(program: Program, name: string): ProgramSymbol {
  const found = program.symbols.find((symbol) => symbol.name === name);
  if (found !== undefined) return found;
  const functions = program.symbols.filter((symbol) => symbol.kind === 'function').map((symbol) => symbol.name);
  throw new SimulatorError(
    'unknown-symbol',
    `The program has no symbol ${JSON.stringify(name)}; its functions are ${functions.slice(0, 20).join(', ') || 'none (was it stripped?)'}`,
  );
}

/**
 * A program of raw bytes at one address, without symbols: a flash image.
 *
 * @example
 * ```ts
 * import { programFromBytes } from '@bitnetmcu/mcu-runtime/sim';
 *
 * const program = programFromBytes(bytes, 0x0800_0000); // a flash image without symbols
 * ```
 */
export function programFromBytes(bytes: Uint8Array, address: number, symbols: readonly ProgramSymbol[] = []): Program {
  return {
    entry: address,
    segments: [{ address, loadAddress: address, bytes, size: bytes.length }],
    symbols: [...symbols].sort((a, b) => a.address - b.address),
  };
}
