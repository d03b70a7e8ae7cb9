// The portable kernels on the instruction set that they are made for: the image interpreter, compiled for RV32EC and RV32EmC,
// runs the conformance suite inside the simulator.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferenceBackend, LoadedModel } from '@bitnetmcu/models';
import { runConformance } from '@bitnetmcu/models/conformance';
import { describe, expect, it } from 'vitest';
import { layoutModel } from '../src/index.js';
import { runtimeSources } from '../src/node.js';
import { createMachine, readElf, TARGETS, type Target } from '../src/sim/index.js';
import { skipWhere } from './host-compiler.js';

const COMPILER = 'riscv64-unknown-elf-gcc';
const missingCompiler = spawnSync(COMPILER, ['--version']).status === 0 ? undefined : `${COMPILER} is not installed`;

const KIB = 1024;
/** Code stands at the start of flash, images behind it. */
const IMAGE_OFFSET = 64 * KIB;
const ROOM = 1024 * KIB;

/** The interpreter as an ELF file at the target's addresses. */
function linkInterpreter({ flash, compiler }: Target): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-rv32-'));
  try {
    const script = join(folder, 'flash.ld');
    writeFileSync(
      script,
      `ENTRY(bnm_run)\nSECTIONS { . = ${flash.base}; .text : { *(.text*) *(.rodata*) *(.srodata*) } /DISCARD/ : { *(.eh_frame) } }\n`,
    );
    const { include, files } = runtimeSources();
    const flags = ['-std=c99', '-Os', '-ffreestanding', '-nostdlib', '-T', script, '-o', join(folder, 'run.elf')];
    const includeFlags = include.map((path) => `-I${path}`);
    const command = [...compiler.instructionSet, ...flags, ...includeFlags, ...files, '-lgcc'];
    const { status, stderr } = spawnSync(COMPILER, command, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return readFileSync(join(folder, 'run.elf'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The part with memories that hold any model of the suite. */
function roomy(target: Target): Target {
  return { ...target, flash: { ...target.flash, size: ROOM }, ram: { ...target.ram, size: ROOM } };
}

class SimulatedRuntime implements InferenceBackend {
  readonly name: string;
  private readonly elf: Uint8Array;

  constructor(private readonly target: Target) {
    this.name = `sim:${target.name}`;
    this.elf = linkInterpreter(target);
  }

  async load(model: Parameters<InferenceBackend['load']>[0]): Promise<LoadedModel> {
    const { image, ramBytes, inputs, outputs } = layoutModel(model);
    const machine = await createMachine(roomy(this.target));
    machine.load(readElf(this.elf));
    const imageAddress = this.target.flash.base + IMAGE_OFFSET;
    machine.write(imageAddress, image);
    const input = this.target.ram.base;
    const ram = input + Math.ceil(inputs / 4) * 4;
    const logits = ram + ramBytes;
    return {
      outputs,
      infer: (samples, count) => {
        const all = new Int32Array(count * outputs);
        for (let sample = 0; sample < count; sample++) {
          const bytes = new Uint8Array(samples.buffer, samples.byteOffset + sample * inputs, inputs);
          machine.write(input, bytes);
          const { stop } = machine.call('bnm_run', [imageAddress, input, ram, logits]);
          if (stop.kind !== 'returned') throw new Error(JSON.stringify(stop));
          all.set(new Int32Array(machine.read(logits, outputs * 4).buffer), sample * outputs);
        }
        return all;
      },
      close: () => {},
    };
  }
}

describe.skipIf(skipWhere(missingCompiler))('image interpreter', () => {
  it.each([TARGETS.ch32v003, TARGETS.ch32v002])('gives the reference logits on $name', async (target) => {
    const report = await runConformance(new SimulatedRuntime(target), { models: 25, samples: 6, seed: 14 });
    expect(report.differences).toEqual([]);
    expect(report.models).toBe(25);
  });
});
