// Benchmarks of a RISC-V core with compressed instructions. Registers: a0 words in RAM, a1 words in flash, a2 the counter; a3, a5, t0 and t1 are free.
// They are called with the first instruction at a multiple of 64 bytes, and run where they are copied to: nothing in them has an address.
import { type Benchmark, EMPTY, repeat } from './benchmark.js';

/** An instruction of 32 bits, although there may be one of 16. */
const long = (line: string) => `.option norvc\n  ${line}\n  .option rvc`;
const NOP = long('addi zero, zero, 0');
const C_NOP = 'c.nop';
const LOOPS = 100;

/** A loop that begins so many bytes behind a multiple of 8: setup and first read are 8. */
function loop(
  name: string,
  offset: number,
  assumption: Benchmark['assumption'],
  ...body: readonly string[]
): Benchmark {
  return {
    ...{ name, assumption, times: LOOPS, setup: [`li a3, ${LOOPS}`] },
    code: [...repeat(offset / 2, C_NOP), '1:', ...body, 'c.addi a3, -1', 'c.bnez a3, 1b'],
  };
}

const BASE: readonly Benchmark[] = [
  { name: EMPTY, assumption: 'instruction', times: 1, code: [] },
  { name: 'c-nop', assumption: 'instruction', times: 32, code: repeat(32, C_NOP) },
  { name: 'nop', assumption: 'flash-fetch', times: 32, code: repeat(32, NOP) },
  { name: 'nop-across-lines', assumption: 'flash-fetch', times: 31, code: [C_NOP, ...repeat(31, NOP), C_NOP] },
  { name: 'c-nop-nop', assumption: 'flash-fetch', times: 16, code: repeat(16, C_NOP, NOP) },
  { name: 'c-add-chain', assumption: 'instruction', times: 32, code: repeat(32, 'c.add a3, a5') },
  { name: 'c-slli-1', assumption: 'instruction', times: 32, code: repeat(32, 'c.slli a3, 1') },
  { name: 'c-slli-31', assumption: 'instruction', times: 32, code: repeat(32, 'c.slli a3, 31') },
  {
    ...{ name: 'sll-by-register', assumption: 'instruction', times: 16, setup: ['li a5, 31'] },
    code: repeat(16, long('sll a3, a3, a5')),
  },
  { name: 'c-lw', assumption: 'load', times: 16, code: repeat(16, 'c.lw a3, 0(a0)') },
  { name: 'lw', assumption: 'load', times: 16, code: repeat(16, long('lw a3, 0(a0)')) },
  { name: 'lbu', assumption: 'load', times: 16, code: repeat(16, long('lbu a3, 1(a0)')) },
  { name: 'lhu', assumption: 'load', times: 16, code: repeat(16, long('lhu a3, 2(a0)')) },
  {
    ...{ name: 'c-lw-chain', assumption: 'load', times: 16, setup: ['sw a0, 0(a0)', 'mv a3, a0'] },
    code: repeat(16, 'c.lw a3, 0(a3)'),
  },
  { name: 'c-lw-and-use', assumption: 'load', times: 16, code: repeat(16, 'c.lw a3, 0(a0)', 'c.add a5, a3') },
  { name: 'c-lw-from-flash', assumption: 'load-from-flash', times: 16, code: repeat(16, 'c.lw a3, 0(a1)') },
  { name: 'lbu-from-flash', assumption: 'load-from-flash', times: 16, code: repeat(16, long('lbu a3, 1(a1)')) },
  { name: 'c-sw', assumption: 'store', times: 16, code: repeat(16, 'c.sw a3, 0(a0)') },
  { name: 'sb', assumption: 'store', times: 16, code: repeat(16, long('sb a3, 1(a0)')) },
  { name: 'c-lw-c-sw', assumption: 'store', times: 16, code: repeat(16, 'c.lw a3, 0(a0)', 'c.sw a3, 4(a0)') },
  {
    ...{ name: 'branch-not-taken', assumption: 'branch-not-taken', times: 16, setup: ['li a3, 0'] },
    code: [...repeat(16, 'c.bnez a3, 1f'), '1:'],
  },
  {
    ...{ name: 'branch-to-next', assumption: 'jump', times: 16, setup: ['li a3, 0'] },
    code: repeat(16, 'c.beqz a3, 1f', '1:'),
  },
  { name: 'jump-to-line', assumption: 'jump', times: 16, code: repeat(16, 'c.j 1f', C_NOP, '1:') },
  { name: 'jump-into-line', assumption: 'jump', times: 16, code: [C_NOP, ...repeat(16, 'c.j 1f', C_NOP, '1:'), C_NOP] },
  { name: 'jump-to-long', assumption: 'jump', times: 16, code: repeat(16, 'c.j 1f', C_NOP, '1:', NOP) },
  {
    ...{ name: 'jump-to-long-across', assumption: 'jump-across-lines', times: 16 },
    code: [C_NOP, ...repeat(16, 'c.j 1f', C_NOP, '1:', NOP), C_NOP],
  },
  { name: 'jump-far', assumption: 'jump', times: 4, code: repeat(4, 'c.j 1f', '.zero 62', '1:') },
  {
    ...{ name: 'call-and-return', assumption: 'jump', times: 8, code: repeat(8, long('jal t0, 2f')) },
    behind: ['.balign 4', '2:', 'jr t0'],
  },
  loop('loop-at-0', 0, 'jump'),
  loop('loop-at-2', 2, 'jump'),
  loop('loop-at-4', 4, 'jump'),
  loop('loop-at-6', 6, 'jump'),
  loop('loop-of-nop-at-0', 0, 'jump', NOP),
  loop('loop-of-nop-at-2', 2, 'jump-across-lines', NOP),
  loop('loop-of-c-lw', 0, 'load', 'c.lw a5, 0(a0)'),
  loop('loop-of-c-sw', 0, 'store', 'c.sw a5, 0(a0)'),
];

const MULTIPLY: readonly Benchmark[] = [
  { name: 'mul', assumption: 'multiply', times: 16, code: repeat(16, long('mul a3, a5, a5')) },
  { name: 'mul-chain', assumption: 'multiply', times: 16, code: repeat(16, long('mul a3, a3, a5')) },
  { name: 'mulhu', assumption: 'multiply', times: 16, code: repeat(16, long('mulhu a3, a5, a5')) },
  { name: 'mul-c-nop', assumption: 'multiply', times: 16, code: repeat(16, long('mul a3, a5, a5'), C_NOP) },
];

const DIVIDE: readonly Benchmark[] = [
  {
    ...{ name: 'divu-short', assumption: 'divide', times: 8, setup: ['li a5, 1'] },
    code: repeat(8, long('divu a3, a5, a5')),
  },
  {
    ...{ name: 'divu-long', assumption: 'divide', times: 8, setup: ['li a5, 1', 'li t0, -1'] },
    code: repeat(8, long('divu a3, t0, a5')),
  },
  {
    name: 'remu',
    assumption: 'divide',
    times: 8,
    setup: ['li a5, 3', 'li t0, -1'],
    code: repeat(8, long('remu a3, t0, a5')),
  },
];

export function riscvBenchmarks(multiply: 'none' | 'products' | 'full'): readonly Benchmark[] {
  return [...BASE, ...(multiply === 'none' ? [] : MULTIPLY), ...(multiply === 'full' ? DIVIDE : [])];
}

/** The function of a benchmark: `uint32_t name(uint32_t *ram, const uint32_t *flash, const volatile uint32_t *counter)`. */
export function riscvFunction(symbol: string, { setup = [], code, behind = [] }: Benchmark): string {
  const lines = [
    ...['.option norvc', ...setup, 'lw a4, 0(a2)', '.option rvc'],
    ...code,
    ...['.option norvc', 'lw a0, 0(a2)', '.option rvc', 'sub a0, a0, a4', 'ret'],
    ...behind,
  ];
  return `  .section .text.${symbol}, "ax"
  .option push
  .option norelax
  .balign 64
  .globl ${symbol}, ${symbol}_end
  .type ${symbol}, @function
${symbol}:
${lines.map((line) => (/^\d+:$/.test(line) ? line : `  ${line}`)).join('\n')}
${symbol}_end:
  .option pop
`;
}
