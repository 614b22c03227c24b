import { SocketClient } from '../core/socket-client.js';
import type { NodeRedProcess } from './node-red-process.js';

/** What the chat of example 02 sends to its page. */
export interface ChatEvent {
  readonly kind: 'message' | 'joined' | 'left';
  readonly from: string;
  readonly text?: string;
  readonly at: number;
}

/** The token that the chat's page gets, from where it gets it. */
export async function chatToken(nodeRed: NodeRedProcess, name: string, tenant: string): Promise<string> {
  const response = await nodeRed.post('/chat/token', { name, tenant });
  const { token } = (await response.json()) as { readonly token?: unknown };
  if (typeof token !== 'string') throw new Error(`no token: ${response.status}`);
  return token;
}

/** The address of the listener at `path`, with a token or without. */
export function socketUrl(nodeRed: NodeRedProcess, path: string, token?: string): string {
  const url = new URL(path, nodeRed.url.replace('http', 'ws'));
  if (token !== undefined) url.searchParams.set('token', token);
  return url.href;
}

/** Connects as the chat's page does; the connection has seen itself join. */
export async function joinChat(nodeRed: NodeRedProcess, name: string, tenant: string): Promise<SocketClient> {
  const token = await chatToken(nodeRed, name, tenant);
  const client = await SocketClient.open(socketUrl(nodeRed, '/ws/chat', token));
  await nextEvent(client);
  return client;
}

export async function nextEvent(client: SocketClient): Promise<ChatEvent> {
  return (await client.nextJson()) as ChatEvent;
}
