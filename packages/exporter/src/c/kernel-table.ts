// The kernels of linear layers that exported C can call, by their number in images. To add one, write its row.

/** How exported C calls a kernel. */
export interface LinearKernel {
  /** The function, with the arguments of bnm_linear_4bitsym. */
  readonly function: string;
  /** Where it is declared. */
  readonly header: 'bnm.h' | 'bnm_fast.h';
  /** Element type of its table: `uint32_t` where the kernel reads aligned words. */
  readonly element: 'uint8_t' | 'uint32_t';
}

const plain = (format: string): LinearKernel => ({
  function: `bnm_linear_${format}`,
  header: 'bnm.h',
  element: 'uint8_t',
});
const fast = (name: string): LinearKernel => ({
  function: `bnm_linear_${name}`,
  header: 'bnm_fast.h',
  element: 'uint32_t',
});

/** BNM_KERNEL_* of the runtime's bnm_image.h. */
const LINEAR_KERNELS: Readonly<Record<number, LinearKernel>> = {
  0: plain('binary'),
  1: plain('ternary'),
  2: plain('2bitsym'),
  3: plain('4bitsym'),
  4: plain('4bit'),
  5: plain('4p6bit'),
  6: plain('5bitsym'),
  7: plain('fp130'),
  8: plain('nf4'),
  9: plain('8bit'),
  16: fast('binary_nomul'),
  17: fast('ternary_nomul'),
  18: fast('2bitsym_nomul'),
  19: fast('4bitsym_nomul'),
  20: fast('4bit_nomul'),
  21: fast('4p6bit_nomul'),
  22: fast('5bitsym_nomul'),
  23: fast('fp130_nomul'),
  24: fast('nf4_nomul'),
  25: fast('8bit_nomul'),
  33: fast('ternary_mul'),
  34: fast('2bitsym_mul'),
  35: fast('4bitsym_mul'),
  36: fast('4bit_mul'),
  41: fast('8bit_mul'),
};

export function linearKernel(kernel: number): LinearKernel {
  const found = LINEAR_KERNELS[kernel];
  if (found === undefined) throw new Error(`kernel ${kernel} of linear layers has no row in kernel-table.ts`);
  return found;
}

/** BNM_CHAIN_* of bnm_image.h: functions of bnm_fast.h. */
const CHAIN_FUNCTIONS = ['bnm_conv_chain_nomul', 'bnm_conv_chain_mul'] as const;

export function chainFunction(kernel: number): string {
  const found = CHAIN_FUNCTIONS[kernel];
  if (found === undefined) throw new Error(`kernel ${kernel} of convolution chains has no row in kernel-table.ts`);
  return found;
}

/** How bnm_conv_norm reads a layer's weights: by the layer's kernel number. */
export function listFunction(kernel: number): string {
  return linearKernel(kernel).function === 'bnm_linear_ternary' ? 'bnm_list_ternary' : 'bnm_list_digits';
}

/** The function that unpacks a convolution's weights: named as the plain linear kernel of the same number. */
export function unpackFunction(kernel: number): string {
  return linearKernel(kernel).function.replace('linear', 'unpack');
}
