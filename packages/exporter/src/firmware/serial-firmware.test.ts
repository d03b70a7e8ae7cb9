// Firmware that answers commands: what it says of itself, of samples, of lines that are none; and its cycles, which the part counts itself,
// against those that the simulator counts of the same function.
import { createHash } from 'node:crypto';
import { callInferences } from '@bitnetmcu/mcu-runtime/internal/targets';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { encodeBnm, type QuantizedModel } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../conformance/raw-values/cases.mjs';
import { isMissing, smallInputs, smallModel } from './__fixtures__/projects.js';
import { FIRMWARE_KINDS } from './firmware-kinds.js';
import { firmwareProject } from './firmware-project.js';
import { buildApart } from './write-firmware.js';

const model = smallModel();
const SIZE = 16;
const samples = [0, 1, 2].map((i) => smallInputs.subarray(SIZE * i, SIZE * (i + 1)));
const sha256 = (of: QuantizedModel) => createHash('sha256').update(encodeBnm(of)).digest('hex');
const identity = `\r\nbitnetmcu 1 ${sha256(model)} 16 4\r\n`;

/** Written out here, for the protocol's own encoder is to be checked too. */
function command(sample: Int8Array): string {
  const bytes = [...sample].map((value) => (value < 0 ? value + 256 : value));
  const sum = (256 - (bytes.reduce((total, byte) => total + byte, 0) % 256)) % 256;
  return `:${[...bytes, sum].map((byte) => (byte < 16 ? '0' : '') + byte.toString(16)).join('')}\n`;
}

function answer(of: QuantizedModel, sample: Int8Array): string {
  const logits = [...new ReferenceModel(of).infer(sample, 1)];
  return `\r\nclass ${logits.indexOf(Math.max(...logits))}\r\nlogits ${logits.join(' ')}\r\ncycles `;
}

function built(kind: keyof typeof FIRMWARE_KINDS, of: QuantizedModel = model, inputs: Int8Array = smallInputs) {
  const project = firmwareProject(of, kind, inputs, { serial: true, softFloat: true });
  return { project, linked: buildApart(project), part: project.simulation!.target };
}

/**
 * How many cycles more than the function takes itself the part counts: two addresses and the call of it. On the ATmega328P that is
 * 4 · ldi, call 4, and the store that stops the timer 1; on the RP2040 2 · ldr of 2 cycles and bl, 4; on the CH32V203 two addresses of
 * 1 or 2 instructions and a jump of 3. On the CH32V00x fetches come on top, of the call and of its return, in flash with wait states. Of
 * another compiler it may be some others, but the same for each sample.
 */
const KINDS = { ch32v003: [8, 18], ch32v002: [8, 24], ch32v203: [5, 12], pico: [6, 10], atmega328p: [8, 12] } as const;

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('%s', (kind) => {
  const missing = FIRMWARE_KINDS[kind].programs.some((program) => isMissing(program));

  it.skipIf(missing)('answers samples with class, logits and the cycles that the simulator counts', async () => {
    const { project, linked, part } = built(kind);
    const input = new TextEncoder().encode(`?\n${samples.map(command).join('')}`);
    const { output, fault } = await runFirmware(part, linked.flash, { input });
    expect(fault).toBeUndefined();
    const counted = [...output.matchAll(/cycles (\d+)/g)].map(([, cycles]) => Number(cycles));
    expect(counted).toHaveLength(3);
    const answers = samples.map((sample, i) => `${answer(model, sample)}${counted[i]}\r\n`);
    expect(output).toBe(identity + identity + answers.join(''));
    const runs = await callInferences(part, linked.program, project.inferFunction, samples);
    const more = counted.map((cycles, i) => cycles - runs[i]!.cycles);
    const [least, most] = KINDS[kind];
    expect(new Set(more).size).toBe(1);
    for (const cycles of more) {
      expect(cycles).toBeGreaterThanOrEqual(least);
      expect(cycles).toBeLessThanOrEqual(most);
    }
  });

  it.skipIf(missing)('refuses what is no command, and answers the next one', async () => {
    const { linked, part } = built(kind);
    const right = command(samples[0]!);
    const wrong = [
      right.replace(/..\n/, '00\n'), // sum
      right.slice(0, 10) + right.slice(11), // a digit is missing
      `${right.slice(0, -1)}0\n`, // a digit too many
      right.replace(/:./, ':g'),
      'class\n',
      ':\n',
    ];
    const said = async (text: string) =>
      (await runFirmware(part, linked.flash, { input: new TextEncoder().encode(text) })).output.slice(identity.length);
    for (const line of wrong) {
      expect(await said(line), line).toBe('\r\nerror\r\n');
      expect(await said(`${line}\r\n${right}`), line).toMatch(
        new RegExp(`^\\r\\nerror\\r\\n${answer(model, samples[0]!)}`),
      );
    }
    expect(await said('\n\r\n \b')).toBe('\r\nerror\r\n');
    expect(await said(right.toUpperCase())).toContain(answer(model, samples[0]!));
  });
});

describe('the self-test with BNM_CYCLES', () => {
  it.skipIf(isMissing('riscv64-unknown-elf-gcc')).each(['ch32v003', 'ch32v203'] as const)(
    'prints the cycles of each inference on %s',
    async (kind) => {
      const project = firmwareProject(model, kind, smallInputs);
      const commands = project.commands.map(([program, ...words]): readonly [string, ...string[]] =>
        words.includes('-c') || words.includes('firmware.elf')
          ? [program, '-DBNM_CYCLES', ...words]
          : [program, ...words],
      );
      const gcc = commands.map((command) =>
        command[0].endsWith('gcc') ? command : command.filter((word) => word !== '-DBNM_CYCLES'),
      );
      const { flash, program } = buildApart({ ...project, commands: gcc as typeof commands });
      const part = project.simulation!.target;
      const { output } = await runFirmware(part, flash);
      const counted = [...output.matchAll(/, cycles (\d+)/g)].map(([, cycles]) => Number(cycles));
      expect(output.replace(/, cycles \d+/g, '')).toBe(project.expectedOutput);
      const runs = await callInferences(part, program, project.inferFunction, samples);
      const [least, most] = KINDS[kind];
      for (const [i, cycles] of counted.entries()) {
        expect(cycles - runs[i]!.cycles).toBeGreaterThanOrEqual(least);
        expect(cycles - runs[i]!.cycles).toBeLessThanOrEqual(most);
      }
      expect(counted).toHaveLength(3);
    },
  );
});

describe('timer 1 of the ATmega328P', () => {
  it.skipIf(isMissing('avr-gcc'))('overflows, and what its interrupts take is subtracted to the cycle', async () => {
    const { project, linked, part } = built('atmega328p');
    const [run] = await callInferences(part, linked.program, project.inferFunction, samples.slice(0, 1));
    // The same program with a pause of 300 001 cycles more around the inference: four overflows.
    const files = project.files.map(({ path, content }) => ({
      path,
      content: content.replace(
        'const unsigned answer = (unsigned)self_test_infer(input, logits);',
        '__builtin_avr_delay_cycles(300001);\n  const unsigned answer = (unsigned)self_test_infer(input, logits);',
      ),
    }));
    const longer = buildApart({ ...project, files });
    const input = new TextEncoder().encode(command(samples[0]!));
    const cyclesOf = async (flash: Uint8Array) =>
      Number(/cycles (\d+)/.exec((await runFirmware(part, flash, { input })).output)![1]);
    const short = await cyclesOf(linked.flash);
    expect(short).toBeLessThan(65_536);
    expect(short - run!.cycles).toBeLessThan(20);
    expect((await cyclesOf(longer.flash)) - short).toBe(300_001);
  });
});

describe('SysTick of the RP2040', () => {
  it.skipIf(isMissing('arm-none-eabi-gcc'))('goes around at 2^24 cycles, and its interrupt counts that', async () => {
    const { project, linked, part } = built('pico');
    // A loop of 3 cycles, 6 000 000 times: 18 000 000 cycles, one less for the last branch, and the constant before it.
    const files = project.files.map(({ path, content }) => ({
      path,
      content: content.replace(
        'const unsigned answer = (unsigned)self_test_infer(input, logits);',
        `uint32_t rounds = 6000000;
  __asm__ volatile(".syntax unified\\n1: subs %0, #1\\nbne 1b" : "+l"(rounds) : : "cc");
  const unsigned answer = (unsigned)self_test_infer(input, logits);`,
      ),
    }));
    const longer = buildApart({ ...project, files });
    const input = new TextEncoder().encode(command(samples[0]!));
    const cyclesOf = async (flash: Uint8Array) =>
      Number(/cycles (\d+)/.exec((await runFirmware(part, flash, { input })).output)![1]);
    const more = (await cyclesOf(longer.flash)) - (await cyclesOf(linked.flash)) - 18_000_000;
    // One interrupt.
    expect(more).toBeGreaterThanOrEqual(0);
    expect(more).toBeLessThan(40);
  });
});

describe('a model with raw values', () => {
  const table = MODELS['table-i16']!;

  it.skipIf(isMissing('riscv64-unknown-elf-gcc'))(
    'answers rows as before, with logits and cycles besides, and samples',
    async () => {
      const size = 5;
      const blank = new Int8Array(size);
      const { linked, part } = built('ch32v003', table, blank);
      const input = new TextEncoder().encode(`5.1,-300,900,1.25,0\n${command(blank)}`);
      const { output } = await runFirmware(part, linked.flash, { input });
      expect(output).toContain(sha256(table));
      const [, row, sample] = output.split(/\r\nclass /);
      expect(row).toMatch(/^\d\r\nlogits( -?\d+)+\r\ncycles \d+\r\n$/);
      expect(`\r\nclass ${sample}`).toContain(answer(table, blank));
    },
  );
});

describe('without a receiver', () => {
  it.each(['attiny85', 'cmake-arm', 'arduino'] as const)('%s is refused', (kind) => {
    expect(() => firmwareProject(model, kind, smallInputs, { serial: true })).toThrow(
      /no receiver .* wanted: one of ch32v003, atmega328p, ch32v002, ch32v006, ch32v203, pico/,
    );
  });
});
