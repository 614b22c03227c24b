import type { EditorNode } from '../dialog/node-editor.js';
import { passwordOf, type Read, STORED_PASSWORD } from '../dialog/values-editor.js';
import { may } from '../listener/checks-editor.js';
import { issuersOf } from '../listener/issuers-editor.js';
import { issuerDialogOf } from './issuer-request-editor.js';
import type { ListenerDialog, TrialErrorCode } from './protocol.js';

/** The runtime's refusal, by the code of its text in the catalog (`errors.<code>`). */
export class TrialError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = 'TrialError';
    this.code = code;
  }
}

/** What the runtime is told of a listener. */
export function listenerDialogOf(node: EditorNode, read: Read): ListenerDialog {
  const names = Object.keys(node._def.defaults);
  const secret = may(read, 'jwtValidation', 'hs256') ? passwordOf(node, 'jwtSecret') : undefined;
  return {
    id: node.id,
    properties: Object.fromEntries(names.map((name) => [name, read(name)])),
    ...(secret === undefined || secret === STORED_PASSWORD ? {} : { jwtSecret: secret }),
    issuers: issuersOf(read).map((issuer) => issuerDialogOf(issuer)),
  };
}

/**
 * Asks the runtime, with jQuery, because Node-RED makes it send the editor's access token. What it answers is as the protocol
 * says. Rejects with a TrialError.
 */
export async function ask<Answer>(name: string, request: object): Promise<Answer> {
  try {
    return (await $.ajax({
      url: `websocket-plus/${name}`,
      type: 'POST',
      contentType: 'application/json',
      data: JSON.stringify(request),
      dataType: 'json',
    })) as Answer; // the runtime's part of this package has written it
  } catch (failure) {
    throw new TrialError(codeOf(failure as JQuery.jqXHR)); // all that $.ajax rejects with
  }
}

function codeOf({ status, responseJSON }: JQuery.jqXHR): string {
  const forbidden: TrialErrorCode = 'trial-forbidden';
  const unreachable: TrialErrorCode = 'trial-unreachable';
  if (status === 401 || status === 403) return forbidden;
  const error: unknown = responseJSON?.error;
  return status !== 404 && typeof error === 'string' ? error : unreachable;
}
