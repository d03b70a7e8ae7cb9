// What the commands on the serial port (`firmware --serial`) take of flash beside the self-test with one blank sample, in whose place they are:
//   node bench/serial-flash.mjs [model …]
// Needs a build and the cross compilers. For every model of the zoo, or those named, and every part with a receiver and a counter, firmware is
// built both ways with the kernels that the self-test takes; the linker keeps what overflows. Prints the bytes, and least and most of each part.
import { chooseVariant, parts } from '@bitnetmcu/mcu-runtime/internal/targets';
import { elementCount } from '@bitnetmcu/models/internal';
import { loadZooModel, zoo } from '@bitnetmcu/models/zoo';
import { buildApart, compilerVersion, FIRMWARE_KINDS, firmwareFacts } from '../dist/internal/node.js';
import { firmwareProject } from '../dist/node.js';

const KINDS = ['ch32v003', 'ch32v002', 'ch32v006', 'ch32v203', 'pico', 'atmega328p'];
const names = process.argv.length > 2 ? process.argv.slice(2) : zoo.map(({ name }) => name);
const all = [];
for (const kind of KINDS) {
  const { part } = FIRMWARE_KINDS[kind];
  const version = compilerVersion(part);
  if (version === undefined) throw new Error(`${parts[part].compiler.toolchain}-gcc is missing`);
  const more = [];
  console.log(`${kind}, ${version}`);
  for (const name of names) {
    const model = await loadZooModel(name);
    const choice = await chooseVariant(model, part, { facts: firmwareFacts(model, part) });
    if (!choice.fits) continue;
    const kernels = choice.variant.name;
    const flash = (serial) => {
      const project = firmwareProject(model, kind, new Int8Array(elementCount(model.input.shape)), { kernels, serial });
      return buildApart(project).sizes.flash;
    };
    const [self, commands] = [flash(false), flash(true)];
    more.push(commands - self);
    const { available } = choice.memory.flash;
    const fits = commands <= available ? '' : `, does not fit ${available}`;
    console.log(`  ${name.padEnd(18)} ${kernels.padEnd(20)} ${self} → ${commands}: ${commands - self} more${fits}`);
  }
  if (more.length > 0) console.log(`  ${Math.min(...more)} to ${Math.max(...more)} more`);
  all.push(...more);
}
console.log(`${all.length} builds each way: ${Math.min(...all)} to ${Math.max(...all)} bytes more`);
