// Downloads with a limit on size and on silence.

/** The part of the global fetch that is used; tests pass their own. */
export type Fetch = (url: string, init: { signal: AbortSignal }) => Promise<Response>;

/** A server that sends nothing for this long is given up. */
const SILENCE_MILLISECONDS = 20_000;

/**
 * The body of a GET request.
 * @throws Error with the reason in its message: address, status, size or time.
 */
export async function fetchBytes(fetch: Fetch, url: string, maxBytes: number): Promise<Uint8Array> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expectNews = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => controller.abort(new Error(`${url} sent nothing for ${SILENCE_MILLISECONDS / 1000} s`)),
      SILENCE_MILLISECONDS,
    );
  };
  try {
    expectNews();
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status} ${response.statusText}`);
    const chunks: Uint8Array[] = [];
    let received = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      expectNews();
      received += chunk.length;
      if (received > maxBytes) throw new Error(`${url} sends more than the expected ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? `${message} (${cause.message})` : message;
    throw new Error(reason.includes(url) ? reason : `${url}: ${reason}`, { cause: error });
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}
