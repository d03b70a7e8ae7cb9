// What a part does while it listens: firmware that takes a recording value by value, built by its compiler and run in the simulator.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firmwareProject } from '../../packages/exporter/dist/node.js';
import { runFirmware } from '../../packages/mcu-runtime/dist/targets/index.js';

const PART = 'ch32v006';
const NAME = 'words';
const MAIN = fileURLToPath(new URL('main.c', import.meta.url));
/** Frames of the shortest run. */
const FEW = 8;

/** Kernels of a part without a multiplier, on the memories of the one that runs it. */
const asOn = (text) =>
  text
    .replace(/__flash_size=0x[0-9a-f]+/, '__flash_size=0xf800')
    .replace(/__ram_size=0x[0-9a-f]+/, '__ram_size=0x2000')
    .replace(/-DFLASH_WAIT_STATES=\d/, '-DFLASH_WAIT_STATES=2')
    .replace(/-DLAST_INTERRUPT=\d+/, '-DLAST_INTERRUPT=40');

function writeProject(model, kind, sound, folder) {
  const blank = new Int8Array(model.input.shape.reduce((all, one) => all * one, 1));
  const { files } = firmwareProject(model, kind, blank, { kernels: 'fast-flash', name: NAME });
  for (const { path, content } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, path.endsWith('build.mk') ? asOn(content) : content);
  }
  copyFileSync(MAIN, join(folder, 'main.c'));
  for (const name of ['self_test.c', 'self_test.h']) rmSync(join(folder, name));
  const values = `#include <stdint.h>\nstatic const int16_t sound[] = {${sound.join(',')}};\n`;
  writeFileSync(join(folder, 'sound.h'), values);
}

/** Cycles, RAM and flash of a run over so many values. */
async function run(folder, pushes) {
  execFileSync('make', ['-B', `CFLAGS=-DPUSHES=${pushes}`], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const elf = join(folder, 'firmware.elf');
  const [, sizes] = execFileSync('riscv64-unknown-elf-size', [elf], { encoding: 'utf8' }).trim().split('\n');
  const [text, data, bss] = sizes.trim().split(/\s+/).map(Number);
  const flash = readFileSync(join(folder, 'firmware.bin'));
  const { cycles, stackBytes, output } = await runFirmware(PART, flash, {
    maxInstructions: 4e9,
    staticRamBytes: data + bss,
  });
  return { cycles, stack: stackBytes, output, ram: data + bss, flash: text + data };
}

async function measure(model, kind, sound) {
  const { frame, hop, frames } = model.input.frontEnd;
  const folder = mkdtempSync(join(tmpdir(), 'keywords-'));
  try {
    writeProject(model, kind, sound, folder);
    const pushesFor = (count) => frame + (count - 1) * hop;
    const few = await run(folder, pushesFor(FEW));
    const most = await run(folder, pushesFor(frames - 1));
    const all = await run(folder, pushesFor(frames));
    const frameCycles = (most.cycles - few.cycles) / (frames - 1 - FEW);
    return {
      frameCycles: Math.round(frameCycles),
      networkCycles: Math.round(all.cycles - most.cycles - frameCycles),
      staticRam: all.ram,
      stack: all.stack,
      flash: all.flash - 2 * sound.length,
      found: Number(all.output),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param sound int16 at the rate of training, at least a window
 * @returns figures of the CH32V006; and of its memories with the instructions and kernels of the CH32V003, which cannot multiply
 */
export async function listen(model, sound) {
  return {
    multiplier: await measure(model, 'ch32v006', sound),
    none: await measure(model, 'ch32v003', sound),
  };
}
