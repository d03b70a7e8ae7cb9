// The public interface: how many names it has at most, that each has a docstring and an example, that the examples compile, that the blocks of code
// in READMEs and docs/ find what they name, that these and the changesets name no internals and no file that is gone, and that TypeDoc makes pages of it without a warning.
//   node scripts/check-api.mjs            checks
//   node scripts/check-api.mjs --write    writes the pages to docs/api as well
import { join } from 'node:path';
import ts from 'typescript';
import {
  blockModules,
  internalNames,
  isMistake,
  missingFiles,
  README_SURROUNDINGS,
  userDocuments,
} from './docs/code-blocks.mjs';
import { exportedNames, publicEntries, runtimeNames, sourceProgram } from './public-api.mjs';
import { root } from './workspace.mjs';

/** Half of what it was before there was a limit, and twelve of the studies. Whoever adds a name takes one away, or shows that the limit is wrong. */
const MOST_NAMES = 129;

/** What examples speak of without making it. */
const SURROUNDINGS = {
  model: "import('@bitnetmcu/models').QuantizedModel",
  network: "import('@bitnetmcu/models').TrainedNetwork",
  weights: 'Float32Array',
  pixels: 'Uint8Array',
  inputs: 'Int8Array',
  labels: 'Uint16Array',
  samples: "import('@bitnetmcu/trainer').Samples",
  bytes: 'Uint8Array',
};

const problems = [];
const entries = publicEntries();
const offered = entries.filter(({ isInternal }) => !isInternal);
const program = sourceProgram(entries);
const names = offered.flatMap((entry) =>
  runtimeNames(program, entry).map((named) => ({ ...named, entry: entry.name })),
);
if (names.length > MOST_NAMES) problems.push(`${names.length} public names, at most ${MOST_NAMES} are wanted`);
for (const { entry, name, text, examples } of names) {
  if (text === '') problems.push(`${entry}: ${name} has no docstring`);
  if (examples.length === 0) problems.push(`${entry}: ${name} has no example`);
}
compileExamples();
checkDocuments();
await makePages();

for (const problem of problems) console.log(problem);
console.log(`${names.length} public names of ${offered.length} entries, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Every example as a file of its own, in the package that may import all others. */
function compileExamples() {
  const files = new Map();
  for (const { entry, name, examples } of names) {
    for (const [i, example] of examples.entries()) {
      const declared = Object.entries(SURROUNDINGS).filter(
        ([variable]) =>
          !new RegExp(`\\b(const|let|function) (\\{[^}=]*\\b${variable}\\b[^}=]*\\}|\\[?${variable}\\b)`).test(example),
      );
      const surroundings = declared.map(([variable, type]) => `declare const ${variable}: ${type};`);
      const path = join(root, 'packages/cli/src', `example-${`${entry}-${name}-${i}`.replace(/[^\w-]+/g, '-')}.ts`);
      files.set(path, `${example}\n${surroundings.join('\n')}\nexport {};\n`);
    }
  }
  const compiled = sourceProgram(entries, files);
  for (const path of files.keys()) {
    for (const text of diagnosticsOf(compiled, path).map(messageOf))
      problems.push(`${path.split('/').at(-1)}: ${text}`);
  }
}

/** Blocks see public entries alone, as users do. */
function checkDocuments() {
  const documents = userDocuments();
  const modules = documents
    .flatMap((document) => blockModules(document, { ...SURROUNDINGS, ...README_SURROUNDINGS }))
    .map((module) => ({ ...module, file: join(root, 'packages/cli/src', `${module.name}.ts`) }));
  const compiled = sourceProgram(entries, new Map(modules.map(({ file, content }) => [file, content])));
  for (const { file, where, language, content } of modules) {
    if (/@bitnetmcu\/[\w-]+\/internal/.test(content)) problems.push(`${where}: imports internals`);
    const mistakes = diagnosticsOf(compiled, file).filter((diagnostic) => isMistake(language, diagnostic));
    for (const mistake of mistakes) problems.push(`${where}: ${messageOf(mistake)}`);
  }
  const exported = (wanted) =>
    new Set(
      entries.filter(({ isInternal }) => isInternal === wanted).flatMap((entry) => exportedNames(program, entry)),
    );
  const [publicNames, internal] = [exported(false), exported(true)];
  const isInternal = (name) => internal.has(name) && !publicNames.has(name);
  for (const document of documents) problems.push(...internalNames(document, isInternal), ...missingFiles(document));
}

function diagnosticsOf(compiled, path) {
  const file = compiled.getSourceFile(path);
  return [...compiled.getSyntacticDiagnostics(file), ...compiled.getSemanticDiagnostics(file)];
}

function messageOf({ messageText }) {
  return ts.flattenDiagnosticMessageText(messageText, ' ');
}

async function makePages() {
  const { Application, LogLevel } = await import('typedoc');
  const options = {
    name: 'bitnetmcu',
    entryPoints: offered.map(({ source }) => source),
    excludeInternal: true,
    excludePrivate: true,
    readme: 'none',
    // With warnings; what they are is printed by TypeDoc itself.
    logLevel: LogLevel.Warn,
    disableGit: true,
    basePath: root,
    sourceLinkTemplate: 'https://github.com/bitnetmcu/bitnetmcu/blob/main/{path}#L{line}',
    skipErrorChecking: true,
  };
  // No readers of options: the compiler's options are those of the program above.
  const application = await Application.bootstrap(options, []);
  application.options.setCompilerOptions(program.getRootFileNames(), program.getCompilerOptions(), undefined);
  const project = await application.convert();
  if (project === undefined) return void problems.push('TypeDoc could not read the sources');
  application.validate(project);
  if (process.argv.includes('--write')) await application.generateDocs(project, join(root, 'docs/api'));
  const { warningCount, errorCount } = application.logger;
  if (warningCount + errorCount > 0)
    problems.push(`TypeDoc: ${errorCount} errors and ${warningCount} warnings, see above`);
}
