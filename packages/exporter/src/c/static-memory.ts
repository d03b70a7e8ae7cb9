// The static memory of an exported model, noted while its declarations are written: what is said of it is what the compiler reserves.

const BYTES = { int8_t: 1, int16_t: 2, uint16_t: 2, int32_t: 4, uint32_t: 4 } as const;
type StaticType = keyof typeof BYTES;

/** Functions that memory is for, by the ends of their names. */
type User = 'infer' | 'infer_raw' | 'quantize_raw' | 'push' | 'score';

export class StaticMemory {
  readonly #bytes = new Map<User, number>();

  note(user: User, bytes: number): void {
    this.#bytes.set(user, (this.#bytes.get(user) ?? 0) + bytes);
  }

  /** `static int8_t input[784];`. @param text of the count, where it is no number */
  array(user: User, type: StaticType, name: string, count: number, text = `${count}`): string {
    this.note(user, count * BYTES[type]);
    return `static ${type} ${name}[${text}];`;
  }

  /** `static uint16_t stream_steps;` */
  value(user: User, type: StaticType, name: string): string {
    this.note(user, BYTES[type]);
    return `static ${type} ${name};`;
  }

  /** By the names of the functions. */
  bytesOf(name: string): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#bytes].map(([user, bytes]) => [`${name}_${user}`, bytes]));
  }
}

/** `1200 bytes of static memory: 200 of m_infer, 1000 more of m_push`. */
export function memoryText(staticBytes: Readonly<Record<string, number>>): string {
  const [first, ...more] = Object.entries(staticBytes).filter(([, bytes]) => bytes > 0);
  const all = Object.values(staticBytes).reduce((sum, bytes) => sum + bytes, 0);
  const each =
    first && more.length > 0
      ? `: ${[`${first[1]} of ${first[0]}`, ...more.map(([name, bytes]) => `${bytes} more of ${name}`)].join(', ')}`
      : '';
  return `${all} bytes of static memory${each}`;
}
