import { packageBuild } from '../../scripts/tsup.base.js';

// The augmentation worker is a file of its own: it is started by path.
const entry = {
  'internal/index': 'src/internal/index.ts',
  index: 'src/index.ts',
  tfjs: 'src/tfjs.ts',
  'augmentation-worker': 'src/augmentation/worker.ts',
};

export default packageBuild([], { entry });
