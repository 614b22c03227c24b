import should from 'should';
import { findToken } from '../../../../src/handshake/token-sources/find-token.js';
import { DEFAULT_MAX_TOKEN_BYTES, formProblem, refusedForm } from '../../../../src/token/form.js';
import { token } from '../../../support/core/tokens.js';

/** The token of a request target, as far as its form goes. */
function readToken(url: string): string {
  const found = findToken({ url });
  const problem = formProblem(found, DEFAULT_MAX_TOKEN_BYTES);
  if (problem !== undefined) throw refusedForm(problem);
  return found;
}

function codeOf(target: string): string {
  try {
    readToken(target);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'accepted';
}

describe('src/handshake/token-sources, src/token/form', () => {
  const jwt = token();

  it('takes the token wherever it stands in the query', () => {
    should(readToken(`/ws?token=${jwt}`)).equal(jwt);
    should(readToken(`/ws?a=1&token=${jwt}&b=2`)).equal(jwt);
    should(readToken(`/ws?a=%zz&token=${jwt}`)).equal(jwt);
    should(readToken(`//?token=${jwt}`)).equal(jwt);
  });

  it('calls none and an empty one missing', () => {
    for (const target of ['/ws', '/ws?', '/ws?token', '/ws?token=', '/ws?Token=a.b.c', '', '//']) {
      should(codeOf(target)).equal('token_missing', target);
    }
  });

  it('refuses two tokens, also when they are the same', () => {
    should(codeOf(`/ws?token=${jwt}&token=${jwt}`)).equal('token_invalid');
    should(codeOf(`/ws?token=&token=${jwt}`)).equal('token_invalid');
    should(codeOf(`/ws?%74oken=${jwt}&token=${jwt}`)).equal('token_invalid');
  });

  it('refuses a token over 8 KiB', () => {
    const padded = (bytes: number) => `AAAA.${'A'.repeat(bytes - 10)}.AAAA`;
    should(readToken(`/ws?token=${padded(8190)}`).length).equal(8190);
    should(readToken(`/ws?token=${padded(8192)}`).length).equal(8192);
    should(codeOf(`/ws?token=${padded(8194)}`)).equal('token_invalid');
  });

  it('refuses every other spelling of a token: padding, white space, unused bits, four parts', () => {
    const [head, claims, signature] = jwt.split('.') as [string, string, string];
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.slice(-1));
    const twin = signature.slice(0, -1) + alphabet[last ^ 1];
    should(Buffer.from(twin, 'base64url').equals(Buffer.from(signature, 'base64url'))).equal(true);
    for (const spelling of [
      `${head}.${claims}.${twin}`,
      `${jwt}=`,
      `${jwt}%20`,
      `${jwt}%0A`,
      `${head}.${claims}.${signature.slice(0, 4)}+${signature.slice(4)}`,
      `${jwt}.AA`,
      `${head}.${claims}.`,
      `${head}..${signature}`,
      `${head}.${claims}`,
      `${jwt}\u0000`,
      `${jwt}%C3%A4`,
    ]) {
      should(codeOf(`/ws?token=${spelling}`)).equal('token_invalid', spelling);
    }
  });
});
