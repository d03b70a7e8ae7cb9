// @bitnetmcu/mcu-runtime/node: the C sources, the host's compiler, and inference in C on the host.
export { CHostBackend, type CHostJob, type CHostOptions } from './node/c-host-backend.js';
export { type CompileOptions, compileHostProgram, type HostProgram } from './node/compile-program.js';
export { type FirmwareTemplate, firmwareTemplates, selfTestTemplates } from './node/firmware-templates.js';
export { type FoundCompiler, type HostCompiler, hostCompiler, requireHostCompiler } from './node/host-compiler.js';
export { type LinkRequest, linkedSources } from './node/linked-sources.js';
export { runProgram } from './node/run-program.js';
export { isFastSource, type KernelVariant, type RuntimeSources, runtimeSources } from './node/runtime-sources.js';
