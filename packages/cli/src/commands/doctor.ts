// `bitnetmcu doctor`: what this machine has, and what each missing part costs.
import { availableParallelism, totalmem } from 'node:os';
import { createEngine, type EngineKind, loadDataset } from '@bitnetmcu/trainer';
import { type CommandContext, newCommand } from '../command.js';
import { type Check, COMPILER_CHECKS, type Finding, PACKAGE_CHECKS } from '../doctor/checks.js';

/** The engines' own checks: loading one is the only proof that it loads. */
const ENGINE_CHECKS: readonly Check[] = [
  {
    name: 'native engine',
    group: 'training',
    cost: 'training takes about three times as long on WebAssembly; install a C compiler and build or install the package again',
    probe: () => probeEngine('native'),
  },
  {
    name: 'WebAssembly engine',
    group: 'training',
    cost: 'without the native engine too, nothing can be trained; this Node lacks WebAssembly SIMD',
    probe: () => probeEngine('wasm'),
  },
];

const MACHINE_CHECKS: readonly Check[] = [
  {
    name: 'Node',
    group: 'machine',
    cost: '',
    probe: () => ({ present: true, detail: `${process.version}, ${process.platform}-${process.arch}` }),
  },
  {
    name: 'processor',
    group: 'machine',
    cost: '',
    probe: () => ({
      present: true,
      detail: `${availableParallelism()} threads, ${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
    }),
  },
];

const DATA_CHECKS: readonly Check[] = (['mnist', 'fashion-mnist'] as const).map((kind) => ({
  name: kind,
  group: 'data',
  cost:
    kind === 'mnist'
      ? 'it is fetched once when it is first needed (12 MB); offline, run `bitnetmcu data mnist` for the ways to get it'
      : 'only needed to train on it; run `bitnetmcu data fashion-mnist` for the ways to get it',
  probe: async () => {
    const { train, test } = await loadDataset({ kind, offline: true });
    return { present: true, detail: `${train.count} training and ${test.count} test samples, checksums right` };
  },
}));

const CHECKS: readonly Check[] = [
  ...MACHINE_CHECKS,
  ...ENGINE_CHECKS,
  ...COMPILER_CHECKS,
  ...PACKAGE_CHECKS,
  ...DATA_CHECKS,
];

async function probeEngine(kind: Exclude<EngineKind, 'tfjs'>): Promise<Finding> {
  const { info } = await createEngine({ kind });
  return { present: true, detail: `${info.simd}, ${info.threads} ${info.threads === 1 ? 'thread' : 'threads'}` };
}

export function doctorCommand({ terminal }: CommandContext) {
  return newCommand('doctor', 'Says what is present on this machine, and what each missing part costs.').action(
    async () => {
      const { bold, green, yellow, red, dim } = terminal.colors;
      const report: (Finding & Pick<Check, 'name' | 'group' | 'cost'>)[] = [];
      let group = '';
      for (const { name, group: itsGroup, cost, probe } of CHECKS) {
        terminal.status(`looking for ${name} …`);
        const finding = await findOut(probe);
        report.push({ name, group: itsGroup, ...finding, cost: finding.present ? '' : cost });
        if (itsGroup !== group) terminal.print(`${group === '' ? '' : '\n'}${bold(itsGroup)}`);
        group = itsGroup;
        terminal.print(
          `  ${finding.present ? green('✓') : yellow('–')} ${name.padEnd(24)} ${finding.present ? finding.detail : dim(finding.detail)}`,
        );
        if (!finding.present) terminal.print(`      ${yellow('without it')}: ${cost}`);
      }
      terminal.printJson({ checks: report.map(({ cost, ...rest }) => (rest.present ? rest : { ...rest, cost })) });
      const missing = report.filter(({ present }) => !present).length;
      const trains = report.some(({ group, present }) => group === 'training' && present);
      const verdict = trains
        ? 'Training, export and verification work here.'
        : red('No engine works here: nothing can be trained.');
      const rest = missing === 0 ? 'Everything is there.' : `${missing} of ${report.length} parts are missing.`;
      terminal.print(`\n${verdict} ${rest}`);
    },
  );
}

/** Whatever a probe throws is the reason why the part is absent. */
async function findOut(probe: Check['probe']): Promise<Finding> {
  try {
    return await probe();
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { present: false, detail: reason ?? 'unknown' };
  }
}
