import should from 'should';
import {
  hasSpaceAround,
  isDiscoveryUrl,
  issuerOfDocument,
  seemingEncoding,
} from '../../../src/config/mistaken-setting.js';

const BYTES = Buffer.from('0123456789abcdef0123456789abcde?');

describe('src/config/mistaken-setting', () => {
  for (const [address, issuer] of [
    ['https://a.example/.well-known/openid-configuration', 'https://a.example'],
    ['https://a.example/realms/x/.well-known/openid-configuration', 'https://a.example/realms/x'],
    ['https://a.example/.well-known/oauth-authorization-server/tenant', 'https://a.example/tenant'],
    ['https://a.example/v2/.well-known/openid-configuration?p=policy', 'https://a.example/v2'],
  ] as const) {
    it(`knows the address of an issuer's document, and whose it is: ${address}`, () => {
      should(isDiscoveryUrl(address)).equal(true);
      should(issuerOfDocument(address)).equal(issuer);
    });
  }

  it('takes no other address for that of a document', () => {
    for (const address of [
      '',
      'https://a.example',
      'https://a.example/.well-known/jwks.json',
      'https://a.example/.well-known/openid-configuration-of-mine',
    ])
      should(isDiscoveryUrl(address)).equal(false, address);
  });

  it('recognises base64 and hex by their looks, where they stand for as much as a secret has', () => {
    should(seemingEncoding(BYTES.toString('base64'))).equal('base64');
    should(seemingEncoding(` ${BYTES.toString('hex')}\n`)).equal('hex');
  });

  it('takes for text what may as well be: words, base64url as the dialogs make it, short ones', () => {
    for (const secret of [
      '',
      'a test secret that is long enough!',
      BYTES.toString('base64url'),
      'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz',
      Buffer.from('short').toString('base64'),
      'abcdef0123456789',
    ])
      should(seemingEncoding(secret)).equal(undefined, secret);
  });

  it('sees white space around a setting, and none inside', () => {
    for (const text of [' a', 'a\n', '\ta']) should(hasSpaceAround(text)).equal(true);
    for (const text of ['', 'a', 'a b']) should(hasSpaceAround(text)).equal(false);
  });
});
