import type { IncomingMessage, Server } from 'node:http';
import type { JSONWebKeySet } from 'jose';

/** Every token that was presented to a listener under attack. */
export const PRESENTED = new Set<string>();

/** Every key set that a listener under attack fetched, by its text. */
export const FETCHED = new Map<string, JSONWebKeySet>();

/** Remembers the tokens of all upgrade requests that a server gets. */
export function rememberTokens(server: Server): void {
  server.prependListener('upgrade', ({ url = '' }: IncomingMessage) => {
    const query = url.indexOf('?');
    if (query === -1) return;
    for (const token of new URLSearchParams(url.slice(query + 1)).getAll('token')) PRESENTED.add(token);
  });
}
