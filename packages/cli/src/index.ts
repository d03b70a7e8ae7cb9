// @bitnetmcu/cli: the command `bitnetmcu` as a function, for the bin file and for programs that embed it.

export type { ExitCode } from './exit-codes.js';
export { EXIT_CODES } from './exit-codes.js';
export { type MainOptions, main } from './main.js';
export type { Output } from './terminal.js';
