// Written by zoo/publish.mjs: the file of each model, loaded when it is asked for.

type ModelFile = () => Promise<{ readonly default: string }>;

export const modelFiles: Readonly<Record<string, ModelFile>> = {
  'mini-cnn-1k': () => import('../../zoo/mini-cnn-1k.bnm'),
  'mini-fc-1k': () => import('../../zoo/mini-fc-1k.bnm'),
  'fc-1k': () => import('../../zoo/fc-1k.bnm'),
  'cnn-16-small': () => import('../../zoo/cnn-16-small.bnm'),
  'mini-cnn-3k': () => import('../../zoo/mini-cnn-3k.bnm'),
  'cnn-16': () => import('../../zoo/cnn-16.bnm'),
  'mini-cnn-5k': () => import('../../zoo/mini-cnn-5k.bnm'),
  'cnn-32': () => import('../../zoo/cnn-32.bnm'),
  'mini-cnn-7k': () => import('../../zoo/mini-cnn-7k.bnm'),
  'cnn-48': () => import('../../zoo/cnn-48.bnm'),
  'mini-cnn-9k': () => import('../../zoo/mini-cnn-9k.bnm'),
  'mini-cnn-11k': () => import('../../zoo/mini-cnn-11k.bnm'),
  'cnn-64': () => import('../../zoo/cnn-64.bnm'),
  'cnn-80-ternary': () => import('../../zoo/cnn-80-ternary.bnm'),
  'mini-fc-fp130': () => import('../../zoo/mini-fc-fp130.bnm'),
  'fc-12k-2bit': () => import('../../zoo/fc-12k-2bit.bnm'),
  'fc-12k-binary': () => import('../../zoo/fc-12k-binary.bnm'),
  'mini-fc-12k': () => import('../../zoo/mini-fc-12k.bnm'),
  'fc-12k': () => import('../../zoo/fc-12k.bnm'),
  'fc-12k-fp130': () => import('../../zoo/fc-12k-fp130.bnm'),
  'fc-12k-8bit': () => import('../../zoo/fc-12k-8bit.bnm'),
  'mini-cnn-13k': () => import('../../zoo/mini-cnn-13k.bnm'),
  'fc-12k-ternary': () => import('../../zoo/fc-12k-ternary.bnm'),
  'cnn-96-ternary': () => import('../../zoo/cnn-96-ternary.bnm'),
  'fashion-11k': () => import('../../zoo/fashion-11k.bnm'),
};
