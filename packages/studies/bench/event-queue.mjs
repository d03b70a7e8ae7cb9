// Events by time, as a binary heap; of equal times the one that was added first comes first.
export class EventQueue {
  #heap = [];
  #added = 0;

  add(time, happen) {
    const heap = this.#heap;
    heap.push({ time, happen, order: this.#added++ });
    for (let i = heap.length - 1; i > 0; ) {
      const above = (i - 1) >> 1;
      if (!isBefore(heap[i], heap[above])) return;
      [heap[i], heap[above]] = [heap[above], heap[i]];
      i = above;
    }
  }

  /** The earliest one, taken out; undefined where there is none. */
  take() {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (left < heap.length && isBefore(heap[left], heap[least])) least = left;
      if (right < heap.length && isBefore(heap[right], heap[least])) least = right;
      if (least === i) return first;
      [heap[i], heap[least]] = [heap[least], heap[i]];
      i = least;
    }
  }
}

function isBefore(a, b) {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
