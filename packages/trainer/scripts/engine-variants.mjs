// What native/interpreter.c is compiled to on each architecture: instruction sets, and each that has a fused multiply-add also without it.
const X64 = [
  {
    name: 'avx512',
    flags: ['-mavx512f', '-mavx512bw', '-mavx512dq', '-mavx512vl', '-mfma', '-mprefer-vector-width=512'],
  },
  { name: 'avx2', flags: ['-mavx2', '-mfma'] },
];
const BASELINE = { name: 'baseline', flags: [] };

/** @returns names and compiler flags; native/addon.c has the same list. @param arch as in process.arch */
export function engineVariants(arch) {
  const x64 = arch === 'x64';
  // of x64 the baseline is SSE2, which has none
  const fused = x64 ? X64 : [BASELINE];
  return [
    ...fused.map((variant) => compiled(variant, '')),
    ...fused.map((variant) => compiled(variant, '_separate', ['-DENGINE_SEPARATE'])),
    ...(x64 ? [compiled(BASELINE, '')] : []),
  ];
}

function compiled({ name, flags }, suffix, more = []) {
  const defines = [`-DENGINE_INSTRUCTIONS=${name}`, `-DENGINE_VARIANT=${name}${suffix}`, ...more];
  return { name: name + suffix, flags: [...flags, ...defines] };
}
