// Which rows of a file are its test part.
import { loadDataset } from '../../packages/trainer/dist/index.js';

/** Numbers of the rows in the test part: the file of row numbers has the same labels in the same order, and is split the same way. */
export async function testRows(file, dataset) {
  const twin = await loadDataset({ kind: 'csv', train: file, labelColumn: 'class', range: [0, 255] });
  const names = (data) => [...data.test.labels].map((label) => data.labels[label]);
  if (names(twin).join() !== names(dataset).join()) throw new Error(`${file} is split another way than its data`);
  const { bytes, count } = twin.test;
  const rows = Array.from({ length: count }, (_, i) => 256 * bytes[2 * i] + bytes[2 * i + 1]);
  if (new Set(rows).size !== count) throw new Error(`${file} does not give back row numbers`);
  return rows;
}
