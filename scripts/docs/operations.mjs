// What the integer network computes and what a network spec is made of, from the registries of @bitnetmcu/models.
import { builtPackage, table } from './markdown.mjs';

export const operationTables = {
  async operations() {
    const { OP_MEANINGS } = await builtPackage('models');
    return table(['node', 'result'], Object.entries(OP_MEANINGS));
  },
  async layers() {
    const { LAYER_MEANINGS } = await builtPackage('models');
    return table(
      ['layer', ''],
      Object.entries(LAYER_MEANINGS).map(([type, meaning]) => [`\`${type}\``, meaning]),
    );
  },
};
