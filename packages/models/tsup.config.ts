import { packageBuild } from '../../scripts/tsup.base.js';

export default packageBuild(
  [
    'src/index.ts',
    'src/node.ts',
    'src/conformance.ts',
    'src/zoo.ts',
    'src/internal/index.ts',
    'src/internal/node.ts',
    'src/internal/conformance.ts',
  ],
  {
    // A model of the zoo becomes a module of its own.
    loader: { '.bnm': 'base64' },
  },
);
