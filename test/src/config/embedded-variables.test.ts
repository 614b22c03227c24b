import should from 'should';
import { parseClientOptions } from '../../../src/config/client-options.js';
import { hasVariable, replaceVariables } from '../../../src/config/embedded-variables.js';
import { parseListenerOptions, parseListenerPath } from '../../../src/config/listener-options.js';
import { SECRET } from '../../support/core/tokens.js';

/** A reference to an environment variable, as it stands in a flow file. */
const v = (name: string) => '$'.concat(`{${name}}`);

const VALUES: Readonly<Record<string, unknown>> = {
  HOST: 'login.example.com',
  ID: 'a/b',
  NUMBER: 7,
  EMPTY: '',
  OBJECT: {},
  NESTED: v('HOST'),
  PARTLY: `x${v('HOST')}`,
};
const environment = (name: string) => VALUES[name];

const LISTENER = { path: '/ws', jwtValidation: 'jwks', jwksUri: 'https://issuer/keys', tenantFrom: 'static' };

function listener(properties: Record<string, unknown>) {
  return parseListenerOptions({ ...LISTENER, tenantId: 'house', ...properties }, undefined, environment);
}

function client(properties: Record<string, unknown>) {
  const raw = { path: 'wss://example.com', authMode: 'none', ...properties };
  return parseClientOptions(raw, {}, environment);
}

function urlOf({ address }: ReturnType<typeof client>): string {
  return address.kind === 'url' ? address.url : '';
}

describe('src/config/embedded-variables', () => {
  it('replaces each variable in a text, and nothing that only looks like one', () => {
    const replaced = (text: string) => replaceVariables(text, environment, 'issuer');
    should(replaced(`https://${v('HOST')}/${v('NUMBER')}/${v('HOST')}`)).equal(
      'https://login.example.com/7/login.example.com',
    );
    for (const text of ['', 'x', '$HOST', '{HOST}', v(''), '$'.concat('{HOST'), 'a$(HOST)', '$&']) {
      should(hasVariable(text)).equal(false, text);
      should(replaced(text)).equal(text);
    }
  });

  it('refuses one that is not set, is empty, is no text, or holds a variable itself, and names it', () => {
    for (const name of ['UNSET', 'EMPTY', 'OBJECT', 'NESTED', 'PARTLY', 'toString', ' HOST']) {
      should(() => replaceVariables(`a${v(name)}`, environment, 'issuer')).throw({
        name: 'ConfigurationError',
        code: 'issuer',
        variable: name,
      });
    }
  });

  it('takes what a variable holds as it is', () => {
    const money = replaceVariables(`a${v('X')}`, () => '$&$1', 'issuer');
    should(money).equal('a$&$1');
  });

  it('is at work in the properties of a listener that are addresses and names', () => {
    should(parseListenerPath({ path: `/ws/${v('ID')}` }, environment)).equal('/ws/a/b');
    should(listener({ jwksUri: ` https://${v('HOST')}/keys` }).validation).eql({
      kind: 'jwks',
      uri: 'https://login.example.com/keys',
    });
    should(listener({ tenantId: `t-${v('NUMBER')}` }).tenant).eql({ kind: 'static', tenantId: 't-7' });
    should(listener({ jwtIssuer: `https://${v('HOST')}/` }).issuer).equal('https://login.example.com/');
    should(listener({ jwtAudience: `a,${v('HOST')}` }).audience).equal('a,login.example.com');
  });

  it('is at work in the URL and the header values of a client', () => {
    should(urlOf(client({ path: `wss://${v('HOST')}/x?a=${v('NUMBER')}` }))).equal(
      'wss://login.example.com/x?a=7',
    );
    const header = (valueType: string, valueValue: string) =>
      client({ headers: [{ keyType: 'Authorization', keyValue: '', valueType, valueValue }] }).headers;
    should(header('other', `Basic ${v('NUMBER')}`)).eql({ Authorization: 'Basic 7' });
    should(header('env', 'NUMBER')).eql({ Authorization: '7' });
    should(header('env', `Basic ${v('NUMBER')}`)).eql({ Authorization: 'Basic 7' });
    should(header('env', 'UNSET')).eql({});
    should(() => header('other', `Basic ${v('UNSET')}`)).throw({ code: 'headers', variable: 'UNSET' });
  });

  it('names in every such property the variable that is not set', () => {
    const unset = `x${v('UNSET')}`;
    for (const [code, properties] of [
      ['path-missing', { path: unset }],
      ['jwks-uri', { jwksUri: unset }],
      ['issuer', { jwtIssuer: unset }],
      ['audience', { jwtAudience: unset }],
      ['tenant-id-missing', { tenantId: unset }],
    ] as const) {
      should(() => listener(properties)).throw({ code, variable: 'UNSET' });
    }
    should(() => client({ path: `wss://${v('UNSET')}` })).throw({ code: 'url-invalid', variable: 'UNSET' });
  });

  it('is no way to put a secret or a token together', () => {
    const part = `${SECRET}${v('NUMBER')}`;
    should(() => parseListenerOptions({ path: '/ws' }, part, environment)).throw({ code: 'secret-variable' });
    should(() => parseClientOptions({ path: 'wss://h' }, { jwt: `a.b.${v('NUMBER')}` }, environment)).throw({
      code: 'jwt-variable',
    });
  });

  it('leaves alone what 2.0 took literally and is no address or name of a tenant', () => {
    const claim = `c${v('HOST')}`;
    const options = parseListenerOptions({ path: '/ws', tenantClaim: claim }, SECRET, environment);
    should(options.tenant).eql({ kind: 'claim', name: claim });
  });
});
