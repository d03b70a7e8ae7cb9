// What is known of a microcontroller, as one record: every table of targets is a view of these records (parts/, one file each).
import type { LayoutName } from '../layout/layouts.js';
import type { ElfMachine } from '../sim/elf.js';
import type { CodeSize } from './kernel-image.js';

/** A memory, in bytes. */
export interface MemoryRegion {
  readonly base: number;
  readonly size: number;
}

export interface FlashRegion extends MemoryRegion {
  /** Of an instruction fetch, at the part's clock. */
  readonly waitStates: number;
}

/** A core that the simulator of this package runs; flash answers at its base and at address 0. */
export interface RiscvCore {
  readonly kind: 'riscv';
  /** 16: RV32E; 32: RV32I. The C extension and WCH's accesses of bytes and halfwords (XW) are always there. */
  readonly registers: 16 | 32;
  /** `products`: mul, mulh, mulhsu, mulhu (Zmmul); `full`: div, divu, rem and remu besides (M). */
  readonly multiply: 'none' | 'products' | 'full';
  /** lr.w, sc.w and the AMOs (A), on RAM. */
  readonly atomics: boolean;
  /** Zba, Zbb and Zbs: shifts with additions, minima and maxima, counts, single bits. */
  readonly bitManipulation?: true;
  readonly timing: RiscvTiming;
}

/** How far a real part may be from simulated cycles: the extremes of figures that were published for real chips. */
export interface CycleBand {
  /** Real cycles over simulated ones, less 1. */
  readonly least: number;
  readonly most: number;
  /** What figures these are, as the end of a sentence. */
  readonly source: string;
}

/** Cycles of what takes other than one. */
export interface RiscvTiming {
  readonly multiply: number;
  readonly divide: number;
  /** From RAM; from flash its wait states come on top. */
  readonly load: number;
  readonly store: number;
  /**
   * Of a taken branch or a jump where instructions are always there when they are wanted, so of flash without wait states;
   * `qingke-v2`: by the fetches of that core (simulator/src/fetch.h).
   */
  readonly jump: number | 'qingke-v2';
  /** Where there are figures of real chips to compare with. */
  readonly band?: CycleBand;
  /** What of this is assumed, where no measurement is published: cycles are estimates then, and are called so wherever they are shown. */
  readonly assumed?: string;
}

/** A core that avr8js runs. Registers and peripherals come before RAM; addresses of data carry the offset of the AVR tools. */
export interface AvrCore {
  readonly kind: 'avr';
  /** `xt`: AVRxt, of parts since 2016. Absent: AVRe. */
  readonly cyclesOf?: 'xt';
  /** From where on addresses of data read flash, on parts where they do; the compiler leaves constants there. */
  readonly mappedFlash?: number;
  /** MUL and its kin. */
  readonly multiplier: boolean;
  /** JMP and CALL; without them RJMP and RCALL reach all of flash, around whose end they wrap. */
  readonly longJumps: boolean;
  /** Entries of the vector table, with that of the reset. */
  readonly vectors: number;
  /** What firmware prints on: the first USART, as ATmega or as tinyAVR parts have it, or a pin of port B that software switches. */
  readonly serial: 'usart0' | 'tinyUsart0' | { readonly portB: number; readonly baud: number };
}

/** The dual Cortex-M0+ of the RP2040, of which rp2040js runs one; code and weights are in RAM. */
export interface Rp2040Core {
  readonly kind: 'rp2040';
}

/** A Cortex-M with Armv7-M or the same instructions of Armv8-M, which the simulator of this package runs. */
export interface CortexMCore {
  readonly kind: 'cortex-m';
  /** The DSP extension: products of halfwords and of pairs of them. */
  readonly dsp: boolean;
  readonly timing: CortexMTiming;
}

/** Cycles of what takes other than one. */
export interface CortexMTiming {
  readonly multiply: number;
  /** Products of 64 bits. */
  readonly multiplyLong: number;
  /** Any division: the most that one takes. */
  readonly divide: number;
  /** Of one register; right behind another load one less, where its address does not wait for that. Several registers take one each and one more. */
  readonly load: number;
  readonly store: number;
  /** Of a store at the sum of two registers. */
  readonly storeIndexed: number;
  /** Of each access besides the first that an unaligned one takes: a halfword is two bytes, a word two halfwords, or a byte, a halfword and a byte. */
  readonly furtherAccess: number;
  /** What a taken branch or a jump takes besides, until its target has been fetched. */
  readonly refill: number;
  /** What of this is assumed: cycles are estimates, and are called so wherever they are shown. */
  readonly assumed: string;
}

/** Which simulator runs a part, and what of the instruction set the part has. */
export type Core = RiscvCore | AvrCore | Rp2040Core | CortexMCore;

/** How programs for a part are compiled. */
export interface PartCompiler {
  /** Prefix of the toolchain: `<prefix>-gcc`. */
  readonly toolchain: string;
  readonly machine: ElfMachine;
  /** Flags that name the instruction set. */
  readonly instructionSet: readonly string[];
  /** Of prebuilt images instead, where the part's own jumps do not reach over all kernels at once. */
  readonly images?: readonly string[];
  /** Flags behind those when images are linked, where the compiler has no library for the instruction set itself. */
  readonly library?: readonly string[];
  /** Further flags of all files. */
  readonly flags: readonly string[];
  /** Of all files but the hot ones. */
  readonly size: readonly string[];
  /** Of the hot ones. */
  readonly speed: readonly string[];
}

/** Kernels of a part in one build. */
export interface PartVariant {
  readonly name: string;
  /** One sentence for tables. */
  readonly description: string;
  /** How the model's weights lie in flash, and so which kernels it calls. */
  readonly layout: LayoutName;
  /** `fast`, `avr`: kernels of c/fast or c/avr besides those of c/src. */
  readonly sources: 'plain' | 'fast' | 'avr';
  /**
   * What lies in RAM (c/include/bnm_hot.h): 1 inner loops, 2 also what runs once for each input or output. `chain`: inner loops but those of
   * linear layers with codes of 3 and 4 bits, and what a convolution chain runs once for each channel; only for networks that gain by it.
   */
  readonly inRam?: 1 | 2 | 'chain';
  /** Files that are compiled for speed: those of c/fast or c/avr, or none. */
  readonly hot: 'fast' | 'none';
  /**
   * Link-time optimization: some 2 % of flash less, for models that fit in no other way. It makes kernels of each model's own, so that
   * cycles on the prebuilt image, which is built without it, are off by up to 5 %.
   */
  readonly lto?: true;
}

export interface PartKernels {
  /** Fastest first: the first with which a model fits is the default. */
  readonly variants: readonly [PartVariant, ...PartVariant[]];
  /** Further ones that are never the default. */
  readonly onRequest?: readonly PartVariant[];
  /** The part whose prebuilt kernels these are, where core and compiler are the same and only memories differ. Default: this part. */
  readonly imagesOf?: string;
}

/** A project with a Makefile for a board with this part. */
export interface PartFirmware {
  /** In `bitnetmcu firmware --target`. */
  readonly name: string;
  readonly description: string;
  /** Templates under firmware/ besides those of every board and the start-up code: folders, or files. */
  readonly files: readonly string[];
  /** Definitions of the board's own files. */
  readonly definitions: readonly string[];
  /** Among the files. */
  readonly linkerScript: string;
  /** `none`: start-up code of the project, and base addresses and sizes of the memories as symbols of the linker; `libc`: the compiler's own. */
  readonly startUp: 'none' | 'libc';
  /** Bytes that the linker insists on for the stack, where they are not the linker script's 128. */
  readonly stackRoom?: number;
  /** What is put on the board where it is not firmware.bin, and the command that makes it. */
  readonly product?: { readonly path: string; readonly command: readonly [string, ...string[]] };
  /** Debian packages of the compiler. */
  readonly packages: readonly [string, ...string[]];
  /** How to put it on a board: a sentence without its full stop. */
  readonly flashing: string;
  /** Where the results come out. */
  readonly serial: string;
  /** Where characters come in, at the same rate; absent where there is no receiver. Programs that answer commands want a counter among the files besides. */
  readonly receiver?: string;
}

/** Sizes of code besides the model and its kernels, for estimates where no compiler is installed. */
export interface PartCode {
  /**
   * Bytes of vectors, clock, serial port, fault handler and self-test: what firmware has besides the model and its kernels, rounded up
   * from what the zoo's models show. Nothing where a part has no board: its sizes are those of the library.
   */
  readonly frame: CodeSize;
  /** The same of what models with raw values have besides. */
  readonly raw: RawCode;
}

/** Bytes of code and of its variables, without tables and buffers of the model. */
export interface RawCode {
  /** What makes int8 of raw values, and the program that reads rows of numbers and answers them. */
  readonly rows: CodeSize;
  /** A window that slides over a signal. */
  readonly stream: CodeSize;
  /** Floating point, where it is done in software. */
  readonly float: CodeSize;
}

/** A microcontroller. */
export interface Part {
  readonly name: string;
  readonly description: string;
  /** Where the figures come from: data sheets and manuals. */
  readonly sources: readonly [string, ...string[]];
  readonly core: Core;
  /** Core clock in Hz, of the firmware and of all times. */
  readonly clockHz: number;
  readonly flash: FlashRegion;
  readonly ram: MemoryRegion;
  /** Where kernels read weights: in flash, or in RAM, into which start-up code copies them. */
  readonly weightsIn: 'flash' | 'ram';
  /** Where constants lie that are not the model's tables (descriptions of layers, texts): on AVR in RAM. */
  readonly constantsIn: 'flash' | 'ram';
  readonly compiler: PartCompiler;
  readonly kernels: PartKernels;
  readonly code: PartCode;
  /** Absent where there is no board: models are exported as C, or as a CMake project, for such a part. */
  readonly firmware?: PartFirmware;
}
