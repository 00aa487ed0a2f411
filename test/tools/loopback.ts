/** A loopback HTTP server that speaks a translation service's protocol, and misbehaves on request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  method: string;
  path: string;
  type: string;
  body: string;
}

export interface Loopback {
  url: string;
  /** Every request so far. */
  seen: Seen[];
  close(): Promise<void>;
}

export type Reply = (request: Seen, response: ServerResponse, count: number) => void;

export async function loopback(reply: Reply): Promise<Loopback> {
  const seen: Seen[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    seen.push({ method, path: url, type: headers['content-type'] ?? '', body });
    reply(seen.at(-1)!, response, seen.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
