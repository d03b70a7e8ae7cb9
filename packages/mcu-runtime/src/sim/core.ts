// The WebAssembly module of simulator/src, instantiated: one machine's state and the functions that work on it.
import { SIMULATOR_WASM_BASE64 } from '../generated/simulator-wasm.js';

/** The exports of simulator/src/wasm_api.c. */
export interface SimulatorCore {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** The words of struct config in simulator/src/machine.h. 0: refused. */
  create(...configuration: number[]): number;
  flash(): number;
  ram(): number;
  registers(): number;
  invalidate(): void;
  reset(pc: number, sp: number): void;
  power_on(pc: number): void;
  /** 0: the program has no handler. */
  enter_exception(): number;
  run(budget: number): number;
  set_pc(pc: number): void;
  pc(): number;
  cycles(): number;
  instructions(): number;
  stop_value(): number;
  lowest_sp(): number;
  device_fault(): void;
  set_function(begin: number, end: number, index: number): void;
  counters(): number;
  slot_count(): number;
  slot_pc(slot: number): number;
  slot_kind(slot: number): number;
  slot_function(slot: number): number;
  call_node_count(): number;
  call_nodes(): number;
  call_event_count(): number;
  call_events(): number;
  call_tree_overflow(): number;
}

/** What the core asks of its host: devices at addresses outside of flash and RAM. */
export interface CoreHost {
  read(address: number, bytes: number): number;
  write(address: number, bytes: number, value: number): void;
}

/** The part of the WebAssembly API that is used here: the language's own library declares none, and this file runs in browsers and Node. */
interface WebAssemblyApi {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: unknown } }>;
}

/** A fresh instance: nothing is shared between two of them. */
export async function instantiateCore(host: CoreHost): Promise<SimulatorCore> {
  const bytes = Uint8Array.from(atob(SIMULATOR_WASM_BASE64), (c) => c.charCodeAt(0));
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  const { instance } = await WebAssembly.instantiate(bytes, { host });
  return instance.exports as SimulatorCore;
}
