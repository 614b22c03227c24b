import type { TokenWish } from '../../src/trial/make-token.js';
import type { EditorNode } from '../dialog/node-editor.js';
import { passwordOf, type Read, STORED_PASSWORD } from '../dialog/values-editor.js';
import { may } from '../listener/checks-editor.js';
import type {
  DialogValues,
  MadeToken,
  TrialAnswer,
  TrialErrorCode,
  TrialRequest,
  WishRequest,
} from './protocol.js';

/** The runtime's refusal, by the code of its text in the catalog (`errors.<code>`). */
export class TrialError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = 'TrialError';
    this.code = code;
  }
}

/** Asks what the listener of this dialog would do with a token. Rejects with a TrialError. */
export function askForTrial(node: EditorNode, read: Read, token: string): Promise<TrialAnswer> {
  const request: TrialRequest = { ...dialogOf(node, read), token };
  return post('try-token', request) as Promise<TrialAnswer>;
}

/** Asks for a token that the listener of this dialog accepts. Rejects with a TrialError. */
export function askForToken(node: EditorNode, read: Read, wish: TokenWish): Promise<MadeToken> {
  const request: WishRequest = { ...dialogOf(node, read), ...wish };
  return post('make-token', request) as Promise<MadeToken>;
}

function dialogOf(node: EditorNode, read: Read): DialogValues {
  const names = Object.keys(node._def.defaults);
  const secret = may(read, 'jwtValidation', 'hs256') ? passwordOf(node, 'jwtSecret') : undefined;
  return {
    id: node.id,
    properties: Object.fromEntries(names.map((name) => [name, read(name)])),
    ...(secret === undefined || secret === STORED_PASSWORD ? {} : { jwtSecret: secret }),
  };
}

/** With jQuery, because Node-RED makes it send the editor's access token. */
async function post(name: string, body: object): Promise<unknown> {
  try {
    return await $.ajax({
      url: `websocket-plus/${name}`,
      type: 'POST',
      contentType: 'application/json',
      data: JSON.stringify(body),
      dataType: 'json',
    });
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
