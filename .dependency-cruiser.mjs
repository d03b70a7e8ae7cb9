// Which way imports may point: `npm run arrows`. The packages as docs/architecture.md draws them, and the rooms inside the exporter.

/** What each package imports of the others; everything else is against the arrows. */
const PACKAGES = {
  quant: [],
  models: ['quant'],
  trainer: ['models', 'quant'],
  'mcu-runtime': ['models', 'quant'],
  exporter: ['mcu-runtime', 'models', 'quant'],
  studies: ['trainer', 'exporter', 'mcu-runtime', 'models', 'quant'],
  cli: ['studies', 'exporter', 'mcu-runtime', 'trainer', 'models', 'quant'],
};

/** What each room of the exporter imports of the others. Files beside the rooms (errors, limits) are everybody's. */
const ROOMS = {
  float: [],
  onnx: ['float'],
  quantize: ['float'],
  c: [],
  bitnetmcu: ['c'],
  node: ['c', 'float', 'onnx'],
  firmware: ['c', 'node'],
  verify: ['float', 'quantize'],
};
/** The exporter's doors: no room looks through them. */
const DOORS = ['index', 'node', 'quantize', 'internal/\\w+'];

const packageRules = Object.entries(PACKAGES).map(([name, allowed]) => ({
  name: `arrows-of-${name}`,
  severity: 'error',
  comment: `${name} imports ${allowed.length === 0 ? 'no other package' : `${allowed.join(', ')} and no other package`} of this repository`,
  from: { path: `^packages/${name}/src/` },
  to: {
    path: `^(packages/|@bitnetmcu/)(${others(PACKAGES, [name, ...allowed])})(/|$)`,
  },
}));

const roomRules = Object.entries(ROOMS).map(([name, allowed]) => ({
  name: `exporter-room-${name}`,
  severity: 'error',
  comment: `exporter/src/${name} imports ${allowed.length === 0 ? 'no other room' : `${allowed.join(', ')} and no other room`}`,
  from: { path: `^packages/exporter/src/${name}/` },
  to: {
    path: `^packages/exporter/src/((${others(ROOMS, [name, ...allowed])})/|(${DOORS.join('|')})\\.ts$)`,
  },
}));

function others(table, known) {
  return Object.keys(table)
    .filter((name) => !known.includes(name))
    .join('|');
}

export default {
  forbidden: [
    ...packageRules,
    ...roomRules,
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'files that import values of each other cannot be read, tested or moved one by one; types may look back',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-cycle-of-folders',
      severity: 'error',
      comment: 'a folder that needs another one is not needed by it',
      scope: 'folder',
      from: { path: '^packages/(quant|models|exporter)/' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: '(node_modules|/dist/)' },
    exclude: { path: '(/generated/|\\.(test|check|bench)\\.ts$|/__fixtures__/|/testing/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
