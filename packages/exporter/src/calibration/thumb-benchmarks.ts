// Benchmarks of a Cortex-M0+, whose code is in RAM. Registers: r0 words in RAM, r2 the counter; r1, r3 and r4 to r6 are free.
import { type Benchmark, EMPTY, repeat } from './benchmark.js';

const NOP = 'movs r1, r1';
const LOOPS = 100;

function loop(
  name: string,
  offset: number,
  assumption: Benchmark['assumption'],
  ...body: readonly string[]
): Benchmark {
  return {
    ...{ name, assumption, times: LOOPS, setup: [`movs r1, #${LOOPS}`] },
    // Before it are 6 bytes: the function's start, setup, the first read.
    code: [...repeat(1 + offset / 2, 'mov r4, r4'), '1:', ...body, 'subs r1, #1', 'bne 1b'],
  };
}

export const THUMB_BENCHMARKS: readonly Benchmark[] = [
  { name: EMPTY, assumption: 'instruction', times: 1, code: [] },
  { name: 'movs', assumption: 'instruction', times: 32, code: repeat(32, NOP) },
  { name: 'adds-chain', assumption: 'instruction', times: 32, code: repeat(32, 'adds r1, r1, r3') },
  { name: 'lsls-1', assumption: 'instruction', times: 32, code: repeat(32, 'lsls r1, r1, #1') },
  { name: 'lsls-31', assumption: 'instruction', times: 32, code: repeat(32, 'lsls r1, r1, #31') },
  { name: 'lsls-by-register', assumption: 'instruction', times: 16, code: repeat(16, 'lsls r1, r3') },
  { name: 'ldr', assumption: 'load', times: 16, code: repeat(16, 'ldr r1, [r0]') },
  { name: 'ldrh', assumption: 'load', times: 16, code: repeat(16, 'ldrh r1, [r0, #2]') },
  { name: 'ldrb', assumption: 'load', times: 16, code: repeat(16, 'ldrb r1, [r0, #1]') },
  {
    name: 'ldr-chain',
    assumption: 'load',
    times: 16,
    setup: ['str r0, [r0]', 'mov r1, r0'],
    code: repeat(16, 'ldr r1, [r1]'),
  },
  { name: 'ldr-and-use', assumption: 'load', times: 16, code: repeat(16, 'ldr r1, [r0]', 'adds r3, r3, r1') },
  { name: 'ldm-3', assumption: 'load', times: 16, code: repeat(16, 'mov r1, r0', 'ldmia r1!, {r3, r4, r5}') },
  { name: 'str', assumption: 'store', times: 16, code: repeat(16, 'str r1, [r0]') },
  { name: 'strb', assumption: 'store', times: 16, code: repeat(16, 'strb r1, [r0, #1]') },
  { name: 'stm-3', assumption: 'store', times: 16, code: repeat(16, 'mov r1, r0', 'stmia r1!, {r3, r4, r5}') },
  { name: 'ldr-str', assumption: 'store', times: 16, code: repeat(16, 'ldr r1, [r0]', 'str r1, [r0, #4]') },
  { name: 'push-pop-2', assumption: 'store', times: 8, code: repeat(8, 'push {r1, r3}', 'pop {r1, r3}') },
  {
    ...{ name: 'branch-not-taken', assumption: 'branch-not-taken', times: 16, setup: ['movs r1, #0'] },
    code: [...repeat(16, 'bne 1f'), '1:'],
  },
  { name: 'branch-to-next', assumption: 'jump', times: 16, setup: ['movs r1, #0'], code: repeat(16, 'beq 1f', '1:') },
  { name: 'jump-to-word', assumption: 'jump', times: 16, code: repeat(16, 'b 1f', NOP, '1:') },
  { name: 'jump-into-word', assumption: 'jump', times: 16, code: [NOP, ...repeat(16, 'b 1f', NOP, '1:'), NOP] },
  { name: 'jump-far', assumption: 'jump', times: 4, code: repeat(4, 'b 1f', '.zero 62', '1:') },
  {
    ...{ name: 'call-and-return', assumption: 'jump', times: 8, setup: ['mov r3, lr'] },
    code: [...repeat(8, 'bl 2f'), 'mov lr, r3'],
    behind: ['2:', 'bx lr'],
  },
  loop('loop-at-0', 0, 'jump'),
  loop('loop-at-2', 2, 'jump'),
  loop('loop-at-4', 4, 'jump'),
  loop('loop-at-6', 6, 'jump'),
  loop('loop-of-ldr', 0, 'load', 'ldr r3, [r0]'),
  loop('loop-of-str', 0, 'store', 'str r3, [r0]'),
  { name: 'muls', assumption: 'multiply', times: 16, code: repeat(16, 'muls r1, r3') },
  { name: 'muls-large', assumption: 'multiply', times: 16, setup: ['mov r3, r2'], code: repeat(16, 'muls r1, r3') },
];

/** As riscvFunction; SysTick counts down, in 24 bits. */
export function thumbFunction(symbol: string, { setup = [], code, behind = [] }: Benchmark): string {
  const lines = [
    ...['push {r4, r5, r6, lr}', ...setup, 'ldr r6, [r2]'],
    ...code,
    ...['ldr r0, [r2]', 'subs r0, r6, r0', 'lsls r0, r0, #8', 'lsrs r0, r0, #8', 'pop {r4, r5, r6, pc}'],
    ...behind,
  ];
  return `  .section .text.${symbol}, "ax"
  .balign 64
  .globl ${symbol}, ${symbol}_end
  .type ${symbol}, %function
  .thumb_func
${symbol}:
${lines.map((line) => (/^\d+:$/.test(line) ? line : `  ${line}`)).join('\n')}
${symbol}_end:
`;
}
