// What this machine may or may not have, as data: how each part is looked for, and what its absence costs.
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { createTfjsEngine } from '@bitnetmcu/trainer/tfjs';
import { probeModule } from './optional-module.js';
import { programVersion } from './program-version.js';

export interface Finding {
  readonly present: boolean;
  /** Version, path, or why it is absent. */
  readonly detail: string;
}

export interface Check {
  readonly name: string;
  readonly group: 'machine' | 'training' | 'compilers' | 'optional packages' | 'data';
  readonly probe: () => Finding | Promise<Finding>;
  /** What works worse or not at all without it, and how to get it. */
  readonly cost: string;
}

function program(name: string, programs: readonly string[], cost: string): Check {
  return {
    name,
    group: 'compilers',
    cost,
    probe: () => {
      const version = programVersion(programs);
      return version === undefined
        ? { present: false, detail: `none of ${programs.join(', ')} answers` }
        : { present: true, detail: version };
    },
  };
}

function optionalPackage(name: string, cost: string): Check {
  return {
    name,
    group: 'optional packages',
    cost,
    probe: async () => {
      const found = await probeModule(name);
      return found.present ? { present: true, detail: found.version } : { present: false, detail: found.reason };
    },
  };
}

export const COMPILER_CHECKS: readonly Check[] = [
  {
    name: 'C compiler',
    group: 'compilers',
    cost: 'exported C is not compiled and run here (verify and demo use WebAssembly instead), and the native engine is not built from source; install gcc or clang',
    probe: () => {
      const found = hostCompiler();
      return found.kind === 'found'
        ? { present: true, detail: found.version }
        : { present: false, detail: found.message };
    },
  },
  program(
    'RISC-V compiler',
    ['riscv64-unknown-elf-gcc', 'riscv-none-elf-gcc', 'riscv32-unknown-elf-gcc'],
    'no firmware for CH32V003 and its kin is built here; on Debian: apt-get install gcc-riscv64-unknown-elf',
  ),
  program(
    'Arm compiler',
    ['arm-none-eabi-gcc'],
    'no firmware for Cortex-M is built here; on Debian: apt-get install gcc-arm-none-eabi',
  ),
  program(
    'AVR compiler',
    ['avr-gcc'],
    'no firmware for AVR is built here; on Debian: apt-get install gcc-avr avr-libc',
  ),
];

export const PACKAGE_CHECKS: readonly Check[] = [
  optionalPackage('onnxruntime-node', 'ONNX files are not run for comparison; npm install onnxruntime-node'),
  {
    name: 'TensorFlow.js',
    group: 'optional packages',
    cost: 'layers of your own are not trained; the compiled engine needs none of it. npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm, or the faster @tensorflow/tfjs-node (docs/tfjs-node.md where its download fails)',
    probe: async () => {
      const { info, absent } = await createTfjsEngine();
      const faster = absent.node === undefined ? '' : `; libtensorflow, which is faster, does not load: ${absent.node}`;
      return { present: true, detail: `runs on ${info.simd === 'node' ? 'libtensorflow' : info.simd}${faster}` };
    },
  },
];
