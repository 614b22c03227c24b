import { LIVE_ERRORS, type LiveErrorCode } from './protocol.js';

/** The runtime's refusal, by the code of its text in the catalog (`errors.<code>`). */
export class LiveError extends Error {
  readonly code: LiveErrorCode;

  constructor(code: LiveErrorCode) {
    super(code);
    this.name = 'LiveError';
    this.code = code;
  }
}

/** Asks the runtime. Rejects with a LiveError. @param path below `websocket-plus/live` */
export function ask<T>(path: string, query: Readonly<Record<string, string | number>> = {}): Promise<T> {
  return request<T>('live-forbidden', { url: `websocket-plus/live${path}`, data: query });
}

/** Tells the runtime to do something. Rejects with a LiveError. */
export function tell<T>(path: string, body: object): Promise<T> {
  const data = JSON.stringify(body);
  return request<T>('live-forbidden-write', {
    url: `websocket-plus/live${path}`,
    type: 'POST',
    contentType: 'application/json',
    data,
  });
}

/** With jQuery, because Node-RED makes it send the editor's access token. */
async function request<T>(forbidden: LiveErrorCode, settings: JQuery.AjaxSettings): Promise<T> {
  try {
    return (await $.ajax({ dataType: 'json', ...settings })) as T; // our own runtime answers
  } catch (failure) {
    const { status, responseJSON } = failure as JQuery.jqXHR; // all that $.ajax rejects with
    if (status === 401) throw new LiveError(forbidden);
    const error: unknown = responseJSON?.error;
    throw new LiveError(LIVE_ERRORS.find((code) => code === error) ?? 'trial-unreachable');
  }
}
