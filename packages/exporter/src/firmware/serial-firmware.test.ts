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
import { type FirmwareProject, firmwareProject } from './firmware-project.js';
import { buildApart } from './write-firmware.js';

const model = smallModel();
const SIZE = 16;
const samples = [0, 1, 2].map((i) => smallInputs.subarray(SIZE * i, SIZE * (i + 1)));
const sha256 = (of: QuantizedModel) => createHash('sha256').update(encodeBnm(of)).digest('hex');
const identity = `\r\nbitnetmcu 2 ${sha256(model)} 16 4\r\n`;

const bytesOf = (sample: Int8Array) => [...sample].map((value) => (value < 0 ? value + 256 : value));
const sumOf = (sample: Int8Array) => (256 - (bytesOf(sample).reduce((total, byte) => total + byte, 0) % 256)) % 256;

/** Written out here, for the protocol's own encoder is to be checked too. */
function command(sample: Int8Array): string {
  return `:${[...bytesOf(sample), sumOf(sample)].map((byte) => (byte < 16 ? '0' : '') + byte.toString(16)).join('')}\n`;
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
    const answers = samples.map((sample, i) => `${answer(model, sample)}${counted[i]} ${sumOf(sample)}\r\n`);
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
      '?x\n',
      '??\n',
    ];
    const said = async (text: string) =>
      (await runFirmware(part, linked.flash, { input: new TextEncoder().encode(text) })).output.slice(identity.length);
    for (const line of wrong) {
      expect(await said(line), line).toBe('\r\nerror\r\n');
      expect(await said(`${line}\r\n${right}`), line).toMatch(
        new RegExp(`^\\r\\nerror\\r\\n${answer(model, samples[0]!)}`),
      );
    }
    expect(await said('\n\r\n \b\n')).toBe('\r\nerror\r\n');
    // No control character but those ends a line, nor begins another one.
    for (const blank of ['\t', '\0', '\b', '\v', '\x1f']) {
      expect(await said(`${right.slice(0, -1)}${blank}${right}`), blank).toBe('\r\nerror\r\n');
      expect(await said(`?${blank}?\n`), blank).toBe('\r\nerror\r\n');
      expect(await said(`x${blank}?\n`), blank).toBe('\r\nerror\r\n');
    }
    for (const end of ['\r', '\x04']) {
      expect(await said(right.replace('\n', end)), end).toContain(answer(model, samples[0]!));
      expect(await said(`x${end}?${end}`), end).toBe(`\r\nerror\r\n${identity}`);
    }
    expect(await said(right.toUpperCase())).toContain(answer(model, samples[0]!));
  });
});

function withCycles(commands: FirmwareProject['commands']): FirmwareProject['commands'] {
  return commands.map(([program, ...words]) =>
    program.endsWith('gcc') ? [program, '-DBNM_CYCLES', ...words] : [program, ...words],
  );
}

describe('the self-test with BNM_CYCLES', () => {
  it.skipIf(isMissing('riscv64-unknown-elf-gcc')).each(['ch32v003', 'ch32v203'] as const)(
    'prints the cycles of each inference on %s',
    async (kind) => {
      const project = firmwareProject(model, kind, smallInputs);
      const { flash, program } = buildApart({ ...project, commands: withCycles(project.commands) });
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

describe('2^31 cycles and more', () => {
  it.skipIf(isMissing('riscv64-unknown-elf-gcc')).each([
    ['a sample', 'serial.c', '*cycles = cycles_stop() - counting;', '*cycles = UINT32_MAX;', /cycles 4294967295 \d/],
    [
      'the self-test',
      'self_test.c',
      'cycles = cycles_stop() - counting;',
      'cycles = 2147483648u;',
      /, cycles 2147483648\r/,
    ],
  ] as const)('are no negative number where %s tells them', async (_, name, counted, many, expected) => {
    const serial = name === 'serial.c';
    const project = firmwareProject(model, 'ch32v003', smallInputs, { serial });
    const files = project.files.map(({ path, content }) => {
      if (path !== name) return { path, content };
      expect(content).toContain(counted);
      return { path, content: content.replace(counted, many) };
    });
    const commands = serial ? project.commands : withCycles(project.commands);
    const { flash } = buildApart({ ...project, files, commands });
    const input = new TextEncoder().encode(serial ? command(samples[0]!) : '');
    expect((await runFirmware(project.simulation!.target, flash, { input })).output).toMatch(expected);
  });
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

  it.skipIf(isMissing('avr-gcc'))('may overflow in any of the last cycles', async () => {
    const { project } = built('atmega328p');
    /** With a pause of `cycles`, and of as many more as the first value of the sample says, 0 to 63. */
    const pausing = (cycles: number) => {
      const bit = (number: number) => `.rept ${1 << number}\\n sbrc %0, ${number}\\n rjmp .\\n .endr\\n`;
      const pause = `__builtin_avr_delay_cycles(${cycles});
  __asm__ volatile("${[0, 1, 2, 3, 4, 5].map(bit).join('')}" : : "r"(input[0]));
  input[0] = 0;
  const unsigned answer =`;
      const files = project.files.map(({ path, content }) => ({
        path,
        content: path === 'serial.c' ? content.replace('const unsigned answer =', pause) : content,
      }));
      return buildApart({ ...project, files });
    };
    const cyclesOf = async (cycles: number, more: readonly number[]) => {
      const { flash } = pausing(cycles);
      const commands = more.map((value) => command(Int8Array.from(samples[0]!, (old, i) => (i === 0 ? value : old))));
      const input = new TextEncoder().encode(commands.join(''));
      const { output } = await runFirmware(project.simulation!.target, flash, { input });
      return [...output.matchAll(/cycles (\d+)/g)].map(([, counted]) => Number(counted));
    };
    const [own] = await cyclesOf(1000, [0]);
    const least = 65_536 - 32;
    // The read of the counter that is taken off is less than 32 cycles before the overflow, or behind it.
    const counted = await cyclesOf(
      1000 + least - own!,
      Array.from({ length: 64 }, (_, i) => i),
    );
    expect(counted).toEqual(Array.from({ length: 64 }, (_, i) => least + i));
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
      expect(sample).toMatch(/\r\ncycles \d+ 0\r\n$/);
    },
  );

  it.skipIf(isMissing('riscv64-unknown-elf-gcc'))(
    'takes tabs for blanks, and Ctrl-D for the end of a row',
    async () => {
      const blank = new Int8Array(5);
      const { linked, part } = built('ch32v003', table, blank);
      const lines = async (text: string) => {
        const { output } = await runFirmware(part, linked.flash, { input: new TextEncoder().encode(text) });
        return output.split('\r\n').filter((line) => line !== '' && !line.startsWith('bitnetmcu'));
      };
      const wanted = await lines('5.1,-300,900,1.25,0\n');
      expect(wanted).toEqual([
        expect.stringMatching(/^class \d$/),
        expect.stringMatching(/^logits/),
        expect.stringMatching(/^cycles/),
      ]);
      expect(await lines('5.1\t-300\t900\t1.25\t0\n')).toEqual(wanted);
      expect(await lines('\t5.1,\t-300 \t900;1.25\t0\t\r\n')).toEqual(wanted);
      expect(await lines('5.1,-300,900,1.25,0\x045.1,-300,900,1.25,0\n')).toEqual([...wanted, ...wanted]);
      expect(await lines('5.1\t-300\n')).toEqual(['error']);
    },
  );

  it.skipIf(isMissing('riscv64-unknown-elf-gcc'))('says `error` to a row that is none, and to noise', async () => {
    const blank = new Int8Array(5);
    const { linked, part } = built('ch32v003', table, blank);
    for (const line of ['5.1,-300\n', 'x\n', '\x80\n', ':00\n', '?x\n']) {
      const input = Uint8Array.from(line + command(blank), (character) => character.charCodeAt(0));
      const { output } = await runFirmware(part, linked.flash, { input });
      expect(output, line).toMatch(new RegExp(`\\d 5 3\\r\\n\\r\\nerror\\r\\n${answer(table, blank)}\\d+ 0\\r\\n$`));
    }
  });
});

describe('without a receiver', () => {
  it('the ATtiny1616 is refused for what it lacks', () => {
    expect(() => firmwareProject(model, 'attiny1616', smallInputs, { serial: true })).toThrow(
      /attiny1616 has no counter of core cycles here, .* wanted: one of ch32v003, atmega328p, ch32v002, ch32v006, ch32v203, pico/,
    );
  });

  it.each(['attiny85', 'cmake-arm', 'arduino'] as const)('%s is refused', (kind) => {
    expect(() => firmwareProject(model, kind, smallInputs, { serial: true })).toThrow(
      /no receiver .* wanted: one of ch32v003, atmega328p, ch32v002, ch32v006, ch32v203, pico/,
    );
  });
});
