// `<name>_infer` in C, in the forms that its user may ask the compiler for: with static memory or with the caller's, with a hook between steps or without.
import type { WorkingMemory } from './buffers.js';

interface InferParts {
  readonly memory: WorkingMemory;
  /** Local pointers into it. */
  readonly declarations: readonly string[];
  /** The statements of each step. */
  readonly steps: readonly (readonly string[])[];
  /** What is returned, with its semicolon. */
  readonly decision: string;
  /** Whether the answer needs no static memory of its own. */
  readonly reentrant: boolean;
}

/** The macros that ask for more, whatever the model. */
const inferOptions = (name: string) => ({
  reentrant: `${name.toUpperCase()}_REENTRANT`,
  hooks: `${name.toUpperCase()}_HOOKS`,
});

/** Definitions of the hook and of the function. */
export function inferSource(name: string, { memory, declarations, steps, decision, reentrant }: InferParts): string {
  const { hooks: HOOKS } = inferOptions(name);
  const done = (step: number) => `  STEP_DONE(${step}u);`;
  const body = [...declarations, ...steps.flatMap((lines, i) => [done(i), ...lines]), done(steps.length)]
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
  return `#ifdef ${HOOKS}
#ifdef __GNUC__
/* Your own takes its place. */
__attribute__((weak)) void ${name}_yield(unsigned done, unsigned steps)
{
  (void)done;
  (void)steps;
}
#endif
#define STEP_DONE(done) ${name}_yield(done, ${steps.length}u)
#else
#define STEP_DONE(done)
#endif

${reentrant ? eitherHead(name, memory) : staticHead(name, memory)}${body}

  return ${decision}
}
${reentrant ? ownMemory(name) : ''}`;
}

/** The function up to its statements. */
function staticHead(name: string, { isUsed }: WorkingMemory): string {
  const [storage, pointer] = isUsed
    ? [`static ${name}_memory working_memory;\n\n`, `  ${name}_memory *const ram = &working_memory;\n`]
    : ['', ''];
  return `${storage}int ${name}_infer(const int8_t *input, int32_t *logits)\n{\n${pointer}`;
}

function eitherHead(name: string, memory: WorkingMemory): string {
  return `#ifdef ${inferOptions(name).reentrant}
int ${name}_infer_in(${name}_memory *ram, const int8_t *input, int32_t *logits)
{
${memory.isUsed ? '' : '  (void)ram;\n'}#else
${staticHead(name, memory)}#endif
`;
}

/** With the other form there is this one too, for what calls it. */
function ownMemory(name: string): string {
  return `
#ifdef ${inferOptions(name).reentrant}
int ${name}_infer(const int8_t *input, int32_t *logits)
{
  static ${name}_memory working_memory;
  return ${name}_infer_in(&working_memory, input, logits);
}
#endif
`;
}

/** Types and prototypes. */
export function inferHeader(
  name: string,
  { memory, reentrant, returns }: Pick<InferParts, 'memory' | 'reentrant'> & { readonly returns: string },
): string {
  const M = name.toUpperCase();
  const { reentrant: REENTRANT, hooks: HOOKS } = inferOptions(name);
  return `/** Working memory of one inference. */
typedef union {
${memory.members.map((line) => `  ${line} /**< seen as this type */`).join('\n')}
} ${name}_memory;

/**
 * Runs the network. Not reentrant: the working memory is static.
 *
 * @param input   ${M}_INPUTS values
 * @param logits  ${M}_OUTPUTS values
 * @return        ${returns}
 */
int ${name}_infer(const int8_t *input, int32_t *logits);

#ifdef ${REENTRANT}
${
  reentrant
    ? `/**
 * The same in memory of the caller's, whatever is in it: several may run at once. Compile all that includes this with -D${REENTRANT}.
 *
 * @param memory  of this inference alone while it runs
 * @param input   ${M}_INPUTS values
 * @param logits  ${M}_OUTPUTS values
 * @return        as ${name}_infer
 */
int ${name}_infer_in(${name}_memory *memory, const int8_t *input, int32_t *logits);`
    : `#error "${REENTRANT}: the score of an anomaly is kept in static memory; there is no form with the caller's"`
}
#endif

#ifdef ${HOOKS}
/**
 * Called before the first step of an inference and behind each, where the model is compiled with -D${HOOKS}: for a watchdog, or to let
 * other tasks run. Weak where the compiler knows that: define your own.
 *
 * @param done   steps that are done, from 0
 * @param steps  all of them
 */
void ${name}_yield(unsigned done, unsigned steps);
#endif
`;
}
