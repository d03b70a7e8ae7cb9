// What the CH32V00x parts (QingKe V2: RV32E, flash at 0x08000000, the peripherals of the CH32V003) have in common.
import type { CycleBand, FlashRegion, MemoryRegion, PartCompiler, PartKernels, RiscvCore } from './part.js';

/** What one of them has of its own. */
interface Ch32v00x<Name extends string> {
  readonly name: Name;
  readonly description: string;
  readonly sources: readonly [string, ...string[]];
  readonly core: RiscvCore;
  /** Wait states at 48 MHz. */
  readonly flash: Omit<FlashRegion, 'base'>;
  readonly ram: Omit<MemoryRegion, 'base'>;
  readonly compiler: PartCompiler;
  readonly kernels: PartKernels;
  /** Number of the last entry of its vector table. */
  readonly lastInterrupt: number;
}

/** The extremes of simulator/results/published-figures.json, to a tenth of a percent. */
const WITHOUT_PRODUCTS: CycleBand = {
  ...{ least: -0.051, most: 0.037 },
  source: 'the five published figures of firmware that multiplies nothing',
};
const WITH_PRODUCTS: CycleBand = {
  ...{ least: -0.061, most: 0.194 },
  source:
    'the nine published figures of firmware that multiplies, which probably takes more than the 1 cycle that is simulated',
};

/** Sources of the timing: simulator/README.md. */
function qingkeV2(multiply: RiscvCore['multiply']): RiscvCore {
  const band = multiply === 'none' ? WITHOUT_PRODUCTS : WITH_PRODUCTS;
  const timing = { multiply: 1, divide: 0, load: 2, store: 2, jump: 'qingke-v2', band } as const;
  return { kind: 'riscv', registers: 16, multiply, atomics: false, timing };
}

export const QINGKE_V2A = qingkeV2('none');
export const QINGKE_V2C = qingkeV2('products');

/** The record of such a part. */
export function ch32v00x<const Name extends string>({ lastInterrupt, ...own }: Ch32v00x<Name>) {
  return {
    ...own,
    clockHz: 48_000_000,
    flash: { base: 0x0800_0000, ...own.flash },
    ram: { base: 0x2000_0000, ...own.ram },
    weightsIn: 'flash',
    constantsIn: 'flash',
    code: {
      frame: { flash: 660, ram: 0 },
      raw: {
        rows: { flash: 1460, ram: 32 },
        stream: { flash: 430, ram: 0 },
        float: { flash: 2990, ram: 0 },
      },
    },
    firmware: {
      name: own.name,
      description: own.description,
      files: ['ch32v', 'serial', 'cycles/qingke'],
      definitions: [`-DFLASH_WAIT_STATES=${own.flash.waitStates}`, `-DLAST_INTERRUPT=${lastInterrupt}`],
      linkerScript: 'ch32v.ld',
      startUp: 'none',
      packages: ['gcc-riscv64-unknown-elf'],
      flashing: 'With a WCH-LinkE on SWIO: `wlink flash firmware.bin` or `minichlink -w firmware.bin flash`',
      serial: 'PD5, 115 200 baud',
      receiver: 'PD6',
    },
  } as const;
}
