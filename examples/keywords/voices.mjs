// Which words are spoken, by which voices of espeak-ng, and which voices only the test part hears.
import { execFileSync } from 'node:child_process';

export const WORDS = ['yes', 'no', 'up', 'down', 'left', 'right', 'stop', 'go'];

/** English accents of espeak-ng; those of other synthesizers (mb/…) need files of their own. */
function accents() {
  const rows = execFileSync('espeak-ng', ['--voices=en'], { encoding: 'utf8' }).trim().split('\n').slice(1);
  const names = rows.map((row) => row.trim().split(/\s+/)).filter(([, , , , file]) => !/^(mb|!v)\//.test(file));
  return [...new Set(names.map(([, language]) => language))].sort();
}

/** Speakers: timbres that any accent can have. Names with blanks cannot be given on the command line. */
function speakers() {
  const rows = execFileSync('espeak-ng', ['--voices=variant'], { encoding: 'utf8' }).trim().split('\n').slice(1);
  const names = rows.flatMap((row) => row.match(/!v\/(\S+)/)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** A speaker's variants by number (iven, iven2, …) are one person. */
const personOf = (speaker) => (/^[fm]\d$/.test(speaker) ? speaker : speaker.replace(/(Robot)?\d*$/, ''));

/** Each person by one timbre, with all accents or the only one. Every fifth is heard in the test part alone. */
export function voices(only) {
  const spoken = only === undefined ? accents() : [only];
  const timbres = new Map();
  for (const speaker of speakers()) if (!timbres.has(personOf(speaker))) timbres.set(personOf(speaker), speaker);
  return [...timbres].flatMap(([person, timbre], i) =>
    spoken.map((accent) => ({ voice: `${accent}+${timbre}`, person, part: i % 5 === 2 ? 'test' : 'train' })),
  );
}
