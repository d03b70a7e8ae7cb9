// Adds records to a folder in a process of its own, whose files can be limited: `node add-records.mjs <folder>`, the records as a JSON list on stdin.
import { readFileSync } from 'node:fs';
import { openRecords } from '../../dist/index.js';

const records = openRecords(process.argv[2]);
for (const record of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    records.add(record);
    console.log('added');
  } catch (error) {
    console.log(error.code);
  }
}
records.close();
