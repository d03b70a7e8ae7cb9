import { packageBuild } from '../../scripts/tsup.base.js';

export default packageBuild(['src/index.ts', 'src/internal/index.ts', 'src/runners/child.ts']);
