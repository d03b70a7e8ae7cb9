// Serves public/ to this machine.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('./public', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.bnt': 'application/octet-stream' };
const port = Number(process.env.PORT ?? 8080);

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const path = normalize(join(root, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)));
  if (!path.startsWith(root + sep) || !existsSync(path) || !statSync(path).isFile()) {
    response.writeHead(404).end('not found');
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
  createReadStream(path).pipe(response);
}).listen(port, '127.0.0.1', () => console.log(`Open http://localhost:${port} and draw a digit (Ctrl-C ends)`));
