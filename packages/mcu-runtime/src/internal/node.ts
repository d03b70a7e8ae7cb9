// @bitnetmcu/mcu-runtime/internal/node: what the packages of this project share and users do not need. Changes without notice.
export { compileHostProgram } from '../node/compile-program.js';
export { firmwareTemplates, selfTestTemplates } from '../node/firmware-templates.js';
export { requireHostCompiler } from '../node/host-compiler.js';
export { linkedSources } from '../node/linked-sources.js';
export { runProgram } from '../node/run-program.js';
export { isFastSource } from '../node/runtime-sources.js';
