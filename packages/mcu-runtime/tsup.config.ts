import { packageBuild } from '../../scripts/tsup.base.js';

export default packageBuild([
  'src/index.ts',
  'src/node.ts',
  'src/sim/index.ts',
  'src/targets/index.ts',
  'src/internal/index.ts',
  'src/internal/node.ts',
  'src/internal/targets.ts',
]);
