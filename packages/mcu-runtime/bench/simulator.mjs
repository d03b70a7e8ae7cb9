// Speed of the CH32V simulator: million instructions a second, in WebAssembly with and without a profile, and compiled by cc.
// Program: a loop of ten instructions as in an unoptimized linear layer (additions, shifts, a load, a store, a branch), run
// from flash (with the fetch model at work) and from RAM. Needs a build. node bench/simulator.mjs
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMachine, programFromBytes, TARGETS } from '../dist/sim/index.js';

const BUDGET = 100_000_000;
const REPEATS = 5;
const target = TARGETS.ch32v003;
// lui a2, 0x20000; 1: addi a0, 3; xor a3, a0, a1; add a4, a3; lw a5, 512(a2); slli a5, 3; sw a5, 516(a2); andi a3, 15;
// or a4, a3; addi a1, -1; bnez a1, 1b
const loop = [0x20000637, 0x46b3050d, 0x973600b5, 0x20062783, 0x2223078e, 0x8abd20f6, 0x15fd8f55, 0xf5e5];
const code = new Uint8Array(Uint32Array.from(loop).buffer);

async function webAssembly(place, profile) {
  const machine = await createMachine(target, { profile });
  machine.load(programFromBytes(code, place));
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    const run = machine.call(place, [0, 0], { maxInstructions: BUDGET });
    best = Math.min(best, performance.now() - start);
    if (run.stop.kind !== 'limit') throw new Error(JSON.stringify(run.stop));
  }
  return BUDGET / best / 1000;
}

function native(profile) {
  const simulator = join(dirname(fileURLToPath(import.meta.url)), '..', 'simulator');
  const cores = readdirSync(join(simulator, 'src')).filter((name) => name.endsWith('.c') && name !== 'wasm_api.c');
  const folder = mkdtempSync(join(tmpdir(), 'bnm-bench-'));
  try {
    const program = join(folder, 'simulator');
    const sources = [join(simulator, 'native', 'main.c'), ...cores.map((name) => join(simulator, 'src', name))];
    if (spawnSync('cc', ['-O3', '-o', program, ...sources], { stdio: 'inherit' }).status !== 0) return undefined;
    const { flash, ram } = target;
    const words = [
      flash.base,
      flash.size,
      ram.base,
      ram.size,
      3,
      flash.waitStates,
      1,
      Number(profile),
      flash.base,
      ram.base + ram.size,
    ];
    const image = new Uint8Array(flash.size).fill(255);
    image.set(code);
    const input = Buffer.concat([new Uint8Array(Uint32Array.from([...words, BUDGET]).buffer), image]);
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < REPEATS; i++) {
      const start = performance.now();
      execFileSync(program, { input });
      best = Math.min(best, performance.now() - start);
    }
    return BUDGET / best / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const rows = [
  ['WebAssembly, code in flash', await webAssembly(target.flash.base, false)],
  ['WebAssembly, code in RAM', await webAssembly(target.ram.base, false)],
  ['WebAssembly, code in flash, profile', await webAssembly(target.flash.base, true)],
  ['native, code in flash', native(false)],
  ['native, code in flash, profile', native(true)],
];
console.log(`${cpus()[0].model}, Node ${process.version}; bar: 60 M/s in WebAssembly`);
for (const [name, speed] of rows)
  console.log(`${name.padEnd(40)} ${speed === undefined ? '-' : `${speed.toFixed(0)} M/s`}`);
