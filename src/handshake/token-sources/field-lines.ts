import type { IncomingMessage } from 'node:http';

/** The headers of a request, line by line. */
export type FieldCarrier = Pick<IncomingMessage, 'headersDistinct'>;

/** The values of a header as they came, also where Node would keep the first alone: which one is meant is for nobody to guess. */
export function fieldLines({ headersDistinct }: FieldCarrier, name: string): readonly string[] {
  const field = name.toLowerCase();
  return Object.hasOwn(headersDistinct, field) ? (headersDistinct[field] ?? []) : [];
}
