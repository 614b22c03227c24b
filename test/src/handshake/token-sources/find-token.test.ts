import 'should';
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
    readToken(`/ws?token=${jwt}`).should.equal(jwt);
    readToken(`/ws?a=1&token=${jwt}&b=2`).should.equal(jwt);
    readToken(`/ws?a=%zz&token=${jwt}`).should.equal(jwt);
    readToken(`//?token=${jwt}`).should.equal(jwt);
  });

  it('calls none and an empty one missing', () => {
    for (const target of ['/ws', '/ws?', '/ws?token', '/ws?token=', '/ws?Token=a.b.c', '', '//']) {
      codeOf(target).should.equal('token_missing', target);
    }
  });

  it('refuses two tokens, also when they are the same', () => {
    codeOf(`/ws?token=${jwt}&token=${jwt}`).should.equal('token_invalid');
    codeOf(`/ws?token=&token=${jwt}`).should.equal('token_invalid');
    codeOf(`/ws?%74oken=${jwt}&token=${jwt}`).should.equal('token_invalid');
  });

  it('refuses a token over 8 KiB', () => {
    const padded = (bytes: number) => `AAAA.${'A'.repeat(bytes - 10)}.AAAA`;
    readToken(`/ws?token=${padded(8190)}`).length.should.equal(8190);
    readToken(`/ws?token=${padded(8192)}`).length.should.equal(8192);
    codeOf(`/ws?token=${padded(8194)}`).should.equal('token_invalid');
  });

  it('refuses every other spelling of a token: padding, white space, unused bits, four parts', () => {
    const [head, claims, signature] = jwt.split('.') as [string, string, string];
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.slice(-1));
    const twin = signature.slice(0, -1) + alphabet[last ^ 1];
    Buffer.from(twin, 'base64url').equals(Buffer.from(signature, 'base64url')).should.equal(true);
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
      codeOf(`/ws?token=${spelling}`).should.equal('token_invalid', spelling);
    }
  });
});
