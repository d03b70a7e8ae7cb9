// Written by zoo/publish.mjs: the file of each model, loaded when it is asked for.

type ModelFile = () => Promise<{ readonly default: string }>;

export const modelFiles: Readonly<Record<string, ModelFile>> = {
  'fc-1k': () => import('../../zoo/fc-1k.bnm'),
};
