import { text } from '../dialog/text-editor.js';
import type { Column, Detail } from './names.js';
import type { SessionRow } from './protocol.js';
import { duration, number, size } from './units-editor.js';

/** Token ends sooner than this: it is marked. */
const SOON_MS = 60_000;

/** @param now the runtime's clock */
export function columnTexts(
  { subject, tenantId, since, expiresAt }: SessionRow,
  now: number,
): Record<Column, string> {
  return {
    subject: subject ?? '–',
    tenant: tenantId ?? '–',
    since: duration(now - since),
    token: expiresAt === null ? text('live.never') : duration(expiresAt - now),
  };
}

export function endsSoon({ expiresAt }: SessionRow, now: number): boolean {
  return expiresAt !== null && expiresAt - now < SOON_MS;
}

/** @param path its listener's @param now the runtime's clock */
export function detailTexts(row: SessionRow, path: string, now: number): Record<Detail, string> {
  const { address, received, sent, unsent, expiresAt } = row;
  const amount = ({ messages, bytes }: SessionRow['sent']) =>
    text('live.amount', { messages: number(messages), size: size(bytes) });
  return {
    listener: path,
    address,
    received: amount(received),
    sent: text('live.amount-waiting', { amount: amount(sent), size: size(unsent) }),
    expiry:
      expiresAt === null ? text('live.no-expiry') : text('live.expires', { time: duration(expiresAt - now) }),
  };
}
