import { packageBuild } from '../../scripts/tsup.base.js';

export default packageBuild(['src/index.ts', 'src/node.ts', 'src/sim/index.ts', 'src/targets/index.ts']);
