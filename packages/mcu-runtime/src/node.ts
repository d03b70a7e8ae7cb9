// @bitnetmcu/mcu-runtime/node: the C sources, the host's compiler, and inference in C on the host.
export { CHostBackend, type CHostJob, type CHostOptions } from './node/c-host-backend.js';
export type { CompileOptions } from './node/compile-program.js';
export { type FoundCompiler, type HostCompiler, hostCompiler } from './node/host-compiler.js';
export { type KernelVariant, type RuntimeSources, runtimeSources } from './node/runtime-sources.js';
