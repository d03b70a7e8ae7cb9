// One simulated microcontroller: the WebAssembly core of simulator/src, its memories and devices. Knows nothing of networks.
import type { SimulatorCore } from './core.js';
import { SimulatorError } from './errors.js';
import type { Peripherals } from './peripherals.js';
import { readProfile } from './profile.js';
import { findSymbol, type Program } from './program.js';
import type { Run, Stop, Trap, TrapCause } from './run.js';
import type { Target } from './targets.js';
import { UNDEFINED_MEMORY } from './undefined-memory.js';

export interface RunOptions {
  /** Instructions after which the run stops with `limit`. Default 2 000 000 000. */
  readonly maxInstructions?: number;
}

/** Where the core starts (CH32V003 reference manual, memory map: flash is aliased there). */
const RESET_ADDRESS = 0;
const RETURN_ADDRESS = 0xffff_fff0;
const DEFAULT_BUDGET = 2e9;
const RA = 1;
const GP = 3;
const GLOBAL_POINTER_OFFSET = 0x800;
/** Where the number of an ecall is: t0 as RV32E passes it, a7 as RV32I does. */
const CALL_NUMBER = { 16: 5, 32: 17 } as const;
const A0 = 10;
const MAX_ARGUMENTS = 6;
/** Linux call numbers. */
const ECALL_EXIT = 93;
const ECALL_WRITE = 64;

enum StopReason {
  Limit = 0,
  Break = 1,
  Ecall = 2,
  Return = 3,
  Wait = 4,
}

const TRAPS: Readonly<Record<number, TrapCause>> = {
  5: 'illegal-instruction',
  6: 'load-misaligned',
  7: 'store-misaligned',
  8: 'load-fault',
  9: 'store-fault',
  10: 'fetch-fault',
};

/** A simulated microcontroller with a loaded program. Not safe to share between concurrent runs. */
export class Machine {
  readonly target: Target;
  readonly #core: SimulatorCore;
  readonly #peripherals: Peripherals;
  readonly #profile: boolean;
  #program: Program | undefined;
  #functionNames: string[] = ['?'];
  #written: number[] = [];

  /** Use createMachine. */
  constructor(target: Target, core: SimulatorCore, peripherals: Peripherals, profile: boolean) {
    this.target = target;
    this.#core = core;
    this.#peripherals = peripherals;
    this.#profile = profile;
  }

  /**
   * Puts a program into memory, erasing what was there.
   * `flashed`: as the part holds it after flashing; start-up code must run.
   * `started`: as after start-up: initialized data and functions stand in RAM.
   * Throws `does-not-fit` where a segment lies outside of the part's memories.
   */
  load(program: Program, state: 'flashed' | 'started' = 'started'): void {
    const { flash } = this.target;
    new Uint8Array(this.#core.memory.buffer, this.#core.flash(), flash.size).fill(0xff);
    this.#ramBytes().fill(0);
    for (const segment of program.segments) {
      if (state === 'started') {
        this.#bytes(segment.address, segment.size, 'segment').set(segment.bytes);
        this.#bytes(segment.address + segment.bytes.length, segment.size - segment.bytes.length, 'segment').fill(0);
      } else {
        this.#bytes(segment.address, segment.size, 'segment');
        this.#bytes(segment.loadAddress, segment.bytes.length, 'segment').set(segment.bytes);
      }
    }
    this.#program = program;
    this.#core.invalidate();
    this.#nameFunctions(program);
  }

  /** Copies bytes into flash or RAM (a debugger's write). Throws `bad-address`. */
  write(address: number, bytes: Uint8Array): void {
    this.#bytes(address, bytes.length, 'write').set(bytes);
    this.#core.invalidate();
  }

  /** A copy of bytes of flash or RAM. Throws `bad-address`. */
  read(address: number, length: number): Uint8Array {
    return this.#bytes(address, length, 'read').slice();
  }

  /** Calls a function by name or address with up to six arguments in a0 … a5, on a fresh stack at the end of RAM. */
  call(target: string | number, args: readonly number[] = [], options: RunOptions = {}): Run {
    if (args.length > MAX_ARGUMENTS) {
      throw new SimulatorError(
        'bad-argument',
        `${args.length} arguments found, at most ${MAX_ARGUMENTS} wanted (registers a0 … a5)`,
      );
    }
    const pc = typeof target === 'number' ? target : findSymbol(this.#loaded(), target).address;
    this.#start(pc);
    const registers = this.registers();
    registers[RA] = RETURN_ADDRESS;
    // As start-up code leaves it (firmware/riscv/start.S).
    registers[GP] = this.target.ram.base + GLOBAL_POINTER_OFFSET;
    args.forEach((value, i) => {
      registers[A0 + i] = value;
    });
    return this.#run(options);
  }

  /**
   * Runs as the part does after power-on: from address 0, where flash answers too, whatever address the program is linked for, with
   * registers and RAM that hold nothing a program may rely on. A fault enters the handler that the program has set up, once.
   */
  runFromReset(options: RunOptions = {}): Run {
    this.#loaded();
    this.#ramBytes().fill(UNDEFINED_MEMORY);
    this.#peripherals.reset();
    this.#written = [];
    this.#core.invalidate();
    this.#core.power_on(RESET_ADDRESS);
    return this.#run(options, true);
  }

  /** Runs the program from the entry of its ELF file on a fresh stack, as a debugger starts it. */
  runFromEntry(options: RunOptions = {}): Run {
    this.#start(this.#loaded().entry);
    return this.#run(options);
  }

  /** The registers from x0 on, as many as the core has (a view: valid until the machine is gone; writes take effect). */
  registers(): Uint32Array {
    return new Uint32Array(this.#core.memory.buffer, this.#core.registers(), this.target.core.registers);
  }

  /** The loaded program. */
  get program(): Program {
    return this.#loaded();
  }

  get pc(): number {
    return this.#core.pc() >>> 0;
  }

  #ramBytes(): Uint8Array {
    return new Uint8Array(this.#core.memory.buffer, this.#core.ram(), this.target.ram.size);
  }

  #staticRamBytes(): number {
    const { base, size } = this.target.ram;
    const ends = (this.#program?.segments ?? []).map((segment) => segment.address + segment.size - base);
    return Math.max(0, ...ends.filter((end) => end <= size));
  }

  #loaded(): Program {
    if (this.#program === undefined)
      throw new SimulatorError('bad-argument', 'No program is loaded: call load() first');
    return this.#program;
  }

  #start(pc: number): void {
    const { base, size } = this.target.ram;
    this.#peripherals.reset();
    this.#written = [];
    this.#core.reset(pc, base + size);
  }

  #run({ maxInstructions = DEFAULT_BUDGET }: RunOptions, withHandler = false): Run {
    const { base, size } = this.target.ram;
    let stop = this.#runToStop(maxInstructions);
    let handledTrap: Trap | undefined;
    if (stop.kind === 'trap' && withHandler && this.#core.enter_exception() !== 0) {
      handledTrap = stop.trap;
      stop = this.#runToStop(maxInstructions);
    }
    const lowest = this.#core.lowest_sp() >>> 0;
    const stackBytes = lowest === 0xffff_ffff ? 0 : base + size - lowest;
    const staticRamBytes = this.#staticRamBytes();
    const output = this.#peripherals.output();
    return {
      stop,
      cycles: this.#core.cycles(),
      instructions: this.#core.instructions(),
      stackBytes,
      staticRamBytes,
      stackOverflow: staticRamBytes + stackBytes > size,
      ...(handledTrap === undefined ? {} : { handledTrap }),
      output: this.#written.length === 0 ? output : Uint8Array.from([...output, ...this.#written]),
      ...(this.#profile ? { profile: readProfile(this.#core, this.#functionNames) } : {}),
    };
  }

  #runToStop(maxInstructions: number): Stop {
    const number = CALL_NUMBER[this.target.core.registers];
    for (;;) {
      const reason = this.#core.run(maxInstructions - this.#core.instructions());
      const registers = this.registers();
      switch (reason as StopReason) {
        case StopReason.Limit:
          return { kind: 'limit' };
        case StopReason.Wait:
          return { kind: 'wait' };
        case StopReason.Return:
          return { kind: 'returned', value: registers[A0]! | 0 };
        case StopReason.Break:
          return { kind: 'exit', code: registers[A0]! | 0 };
        case StopReason.Ecall: {
          if (registers[number] === ECALL_EXIT) return { kind: 'exit', code: registers[A0]! | 0 };
          if (registers[number] !== ECALL_WRITE) return { kind: 'trap', trap: this.#trap('illegal-instruction', 0x73) };
          this.#written.push(...this.read(registers[A0 + 1]!, registers[A0 + 2]!));
          registers[A0] = registers[A0 + 2]!;
          this.#core.set_pc(this.pc + 4);
          break;
        }
        default:
          return { kind: 'trap', trap: this.#trap(TRAPS[reason]!, this.#core.stop_value() >>> 0) };
      }
    }
  }

  #trap(cause: TrapCause, value: number): Trap {
    const { pc } = this;
    const within = this.#program?.symbols.find(
      (s) => s.kind === 'function' && pc >= s.address && pc < s.address + s.size,
    );
    return { cause, pc, value, function: within?.name };
  }

  /** Functions get numbers from 1; an assembler label without a size reaches to the next symbol. */
  #nameFunctions(program: Program): void {
    this.#functionNames = ['?'];
    const { flash, ram } = this.target;
    this.#core.set_function(flash.base, flash.base + flash.size, 0);
    this.#core.set_function(ram.base, ram.base + ram.size, 0);
    const functions = program.symbols.filter((symbol) => symbol.kind === 'function');
    functions.forEach((symbol, i) => {
      const next = functions[i + 1]?.address ?? symbol.address + 2;
      const end = symbol.size > 0 ? symbol.address + symbol.size : next;
      if (this.#offset(symbol.address, end - symbol.address) === undefined) return;
      this.#core.set_function(symbol.address, end, this.#functionNames.length);
      this.#functionNames.push(symbol.name);
    });
  }

  /** Offset in the core's memory of a span that lies in one of the part's memories, or undefined. */
  #offset(address: number, length: number): number | undefined {
    const { flash, ram } = this.target;
    const views = [
      { base: flash.base, size: flash.size, start: this.#core.flash() },
      { base: ram.base, size: ram.size, start: this.#core.ram() },
      { base: 0, size: flash.size, start: this.#core.flash() },
    ];
    const view = views.find(({ base, size }) => address >= base && address + length <= base + size);
    return view && view.start + address - view.base;
  }

  #bytes(address: number, length: number, what: 'segment' | 'read' | 'write'): Uint8Array {
    const { flash, ram } = this.target;
    const offset = this.#offset(address, length);
    if (offset === undefined) {
      const hex = (n: number) => `0x${n.toString(16).padStart(8, '0')}`;
      const spans = `flash ${hex(flash.base)} + ${flash.size}, RAM ${hex(ram.base)} + ${ram.size}`;
      throw new SimulatorError(
        what === 'segment' ? 'does-not-fit' : 'bad-address',
        `${what} of ${length} bytes at ${hex(address)} is outside of ${this.target.name}'s memories (${spans})`,
      );
    }
    return new Uint8Array(this.#core.memory.buffer, offset, length);
  }
}
