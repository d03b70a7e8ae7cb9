// Flash contents from 0x10000000 on → UF2, which the Pico takes as a USB drive: node uf2.mjs firmware.bin firmware.uf2
// Source: USB Flashing Format (Microsoft); the family number is the RP2040's.
import { readFileSync, writeFileSync } from 'node:fs';

const [source, output] = process.argv.slice(2);
const FLASH = 0x10000000;
const PAYLOAD = 256;
const bytes = readFileSync(source);
const count = Math.ceil(bytes.length / PAYLOAD);
const file = Buffer.alloc(512 * count);
for (let i = 0; i < count; i++) {
  const header = [0x0a324655, 0x9e5d5157, 0x2000, FLASH + i * PAYLOAD, PAYLOAD, i, count, 0xe48bff56];
  header.forEach((word, k) => {
    file.writeUInt32LE(word, 512 * i + 4 * k);
  });
  bytes.copy(file, 512 * i + 32, i * PAYLOAD, (i + 1) * PAYLOAD);
  file.writeUInt32LE(0x0ab16f30, 512 * i + 508);
}
writeFileSync(output, file);
