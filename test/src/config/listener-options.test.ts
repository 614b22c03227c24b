import should from 'should';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import { SECRET } from '../../support/core/tokens.js';

function parse(properties: Record<string, unknown>, secret: unknown = SECRET) {
  return parseListenerOptions({ path: '/ws', ...properties }, secret);
}

/** Where tokens are looked for, unless a flow says otherwise; and who may connect. */
const DOOR = {
  tokenSources: ['query'],
  tokenHeader: 'Authorization',
  tokenCookie: 'token',
  origins: [],
  refusal: 'http',
  sessionClaims: [],
};

describe('src/config/listener-options', () => {
  it('takes the defaults of the contract for what is absent', () => {
    should(parse({})).eql({
      ...DOOR,
      wholeMessage: false,
      validation: { kind: 'hs256', secret: SECRET },
      tenant: { kind: 'claim', name: 'tenant_id' },
      scope: 'tenant',
      closeOnExpiry: true,
      maxPayload: 1048576,
    });
  });

  it('reads every property', () => {
    should(
      parse({
        wholemsg: 'true',
        jwtValidation: 'jwks',
        jwksUri: ' https://issuer/keys ',
        jwtIssuer: 'https://issuer',
        jwtAudience: 'chat',
        tenantFrom: 'static',
        tenantId: 'house',
        routingScope: 'session',
        timeout: '90',
        authExpiry: 'allow',
        rateLimit: '5',
        maxConnections: 100,
        enforceLimits: true,
        maxPayload: '1024',
      }),
    ).eql({
      ...DOOR,
      wholeMessage: true,
      validation: { kind: 'jwks', uri: 'https://issuer/keys' },
      issuer: 'https://issuer',
      audience: 'chat',
      tenant: { kind: 'static', tenantId: 'house' },
      scope: 'session',
      sessionTimeoutMs: 90_000,
      closeOnExpiry: false,
      rateLimit: 5,
      maxConnections: 100,
      maxPayload: 1024,
    });
  });

  it('enforces limits only where the flow file says so', () => {
    for (const enforceLimits of [undefined, false, 'false', null, 1]) {
      const options = parse({ rateLimit: '5', maxConnections: '5', enforceLimits });
      should(options.rateLimit).equal(undefined);
      should(options.maxConnections).equal(undefined);
    }
    should(parse({ rateLimit: '5', enforceLimits: 'true' }).rateLimit).equal(5);
    should(parse({ rateLimit: '', enforceLimits: true }).rateLimit).equal(undefined);
    should(parse({ maxConnections: 0, enforceLimits: true }).maxConnections).equal(0);
  });

  it('takes sources as a list or as text, and none where nobody is checked', () => {
    should(parse({ tokenSources: ['cookie', 'query'], origins: 'same' }).tokenSources).eql([
      'query',
      'cookie',
    ]);
    should(parse({ tokenSources: ' header , query' }).tokenSources).eql(['query', 'header']);
    should(parse({ jwtValidation: 'none', tokenSources: [] }).tokenSources).eql([]);
    should(parse({ jwtValidation: 'none', tokenSources: ['query'] }).tokenSources).eql([]);
  });

  it('reads origins as browsers write them', () => {
    should(
      parse({
        origins: 'https://APP.example.com:443, same\nnone https://*.example.com:8443',
      }).origins,
    ).eql([
      { kind: 'exact', origin: 'https://app.example.com' },
      { kind: 'same' },
      { kind: 'none' },
      { kind: 'subdomains', before: 'https://', after: '.example.com:8443' },
    ]);
    should(parse({ origins: 'capacitor://localhost' }).origins).eql([
      { kind: 'exact', origin: 'capacitor://localhost' },
    ]);
  });

  it('reads the name of a function, which needs no claim of a tenant', () => {
    const options = parse({ jwtValidation: 'function', verifyFunction: ' stations ', tenantClaim: '' });
    should(options.validation).eql({ kind: 'function', name: 'stations' });
    should(options.tokenSources).eql(['query']);
  });

  it('reads the names of claims for a flow, and none where nobody is checked', () => {
    should(parse({ sessionClaims: ' role , realm.roles,' }).sessionClaims).eql(['role', 'realm.roles']);
    should(parse({ jwtValidation: 'none', sessionClaims: 'role' }).sessionClaims).eql([]);
  });

  it('limits subjects only where limits are enforced', () => {
    const properties = { maxConnectionsPerSubject: '1', whenFull: 'replace' };
    should(parse(properties).subjectLimit).equal(undefined);
    should(parse({ ...properties, enforceLimits: true }).subjectLimit).eql({ max: 1, whenFull: 'replace' });
  });

  it('takes no time-out for none, empty and 0', () => {
    for (const timeout of [undefined, '', ' ', 0, '0', null]) {
      should(parse({ timeout }).sessionTimeoutMs).equal(undefined);
    }
  });

  it('takes the default for a largest message that is not a positive integer', () => {
    for (const maxPayload of ['', '0', '-1', 'x', '1.5', null, 'Infinity', undefined]) {
      should(parse({ maxPayload }).maxPayload).equal(1048576);
    }
  });

  const errors: [string, Record<string, unknown>, unknown?][] = [
    ['path-missing', { path: '' }],
    ['path-missing', { path: undefined }],
    ['path-missing', { path: 42n }],
    ['path-reserved', { path: '/debug/ws' }],
    ['path-syntax', { path: '/ws?x' }],
    ['secret-missing', {}, ''],
    ['secret-missing', {}, undefined],
    ['secret-missing', {}, Symbol('secret')],
    ['secret-missing', {}, `\${${'A_NAME_LONGER_THAN_32_BYTES_THAT_IS_NOT_SET'}}`],
    ['secret-missing', {}, '$(A_NAME_LONGER_THAN_32_BYTES_THAT_IS_NOT_SET)'],
    ['secret-short', {}, 'x'.repeat(31)],
    ['validation-unknown', { jwtValidation: 'HS256' }],
    ['validation-unknown', { jwtValidation: '' }],
    ['validation-unknown', { jwtValidation: '__proto__' }],
    ['jwks-uri', { jwtValidation: 'jwks' }],
    ['jwks-uri', { jwtValidation: 'jwks', jwksUri: 'issuer/keys' }],
    ['jwks-uri', { jwtValidation: 'jwks', jwksUri: 'file:///etc/passwd' }],
    ['jwks-uri', { jwtValidation: 'jwks', jwksUri: 'ftp://issuer/keys' }],
    ['jwks-uri', { jwtValidation: 'jwks', jwksUri: `\${${'JWKS_URI'}}` }],
    ['claim-missing', { tenantClaim: '' }],
    ['claim-missing', { tenantClaim: ' ' }],
    ['tenant-id-missing', { tenantFrom: 'static' }],
    ['tenant-id-missing', { tenantFrom: 'static', tenantId: '' }],
    ['tenant-id-missing', { tenantFrom: 'static', tenantId: `\${${'TENANT'}}` }],
    ['tenant-source-unknown', { tenantFrom: 'header' }],
    ['scope-unknown', { routingScope: 'all' }],
    ['expiry-unknown', { authExpiry: 'never' }],
    ['session-timeout', { timeout: '-1' }],
    ['session-timeout', { timeout: 'soon' }],
    ['session-timeout', { timeout: 'Infinity' }],
    ['rate-limit', { rateLimit: '10/s' }],
    ['max-connections', { maxConnections: 'NaN', enforceLimits: true }],
    ['issuer', { jwtIssuer: `\${${'ISSUER'}}` }],
    ['audience', { jwtAudience: ['a'] }],
    ['token-sources', { tokenSources: [] }],
    ['token-sources', { tokenSources: ['query', 'body'] }],
    ['token-sources', { tokenSources: 7 }],
    ['token-header', { tokenSources: ['header'], tokenHeader: '' }],
    ['token-header', { tokenSources: ['header'], tokenHeader: 'X Token' }],
    ['token-cookie', { tokenSources: ['cookie'], origins: 'same', tokenCookie: 'a=b' }],
    ['cookie-origins', { tokenSources: ['query', 'cookie'] }],
    ['cookie-origins', { tokenSources: 'query, cookie', origins: ' , ' }],
    ['cookie-origins', { tokenSources: [' cookie '] }],
    ['token-header', { tokenSources: ['header'], tokenHeader: 'Cookie' }],
    ['token-header', { tokenSources: ['header'], tokenHeader: 'Sec-WebSocket-Protocol' }],
    ['origins', { origins: 'app.example.com' }],
    ['origins', { origins: 'https://app.example.com/' }],
    ['origins', { origins: 'https://app.example.com/chat' }],
    ['origins', { origins: 'https://ann@app.example.com' }],
    ['origins', { origins: 'https://app.*.com' }],
    ['origins', { origins: '*' }],
    ['origins', { origins: 'null' }],
    ['refusal-unknown', { refusal: 'silent' }],
    ['max-per-subject', { maxConnectionsPerSubject: 'one' }],
    ['verify-function', { jwtValidation: 'function' }],
    ['verify-function', { jwtValidation: 'function', verifyFunction: ' ' }],
    ['token-sources', { jwtValidation: 'function', verifyFunction: 'v', tokenSources: [] }],
    ['session-claims', { sessionClaims: 'role, role' }],
    ['session-claims', { sessionClaims: 'role,__proto__' }],
    ['session-claims', { sessionClaims: ['role'] }],
    ['when-full-unknown', { maxConnectionsPerSubject: '1', whenFull: 'both' }],
  ];
  for (const [code, properties, ...secret] of errors) {
    it(`refuses ${JSON.stringify(properties, (_, value) => (typeof value === 'bigint' ? '42n' : value))} with ${code}`, () => {
      const raw = { path: '/ws', ...properties };
      should(() => parseListenerOptions(raw, secret.length === 0 ? SECRET : secret[0])).throw({
        name: 'ConfigurationError',
        code,
      });
    });
  }

  it('counts a secret in UTF-8 bytes', () => {
    should(parse({}, 'ü'.repeat(16)).validation).have.property('kind', 'hs256');
  });
});
