// @bitnetmcu/cli: the command `bitnetmcu` as a function, for the bin file and for programs that embed it.
export { EXIT_CODES, type ExitCode } from './exit-codes.js';
export { type MainOptions, main } from './main.js';
