import should from 'should';

import { isPlainHttp, jwksUriProblem } from '../../../src/config/jwks-uri.js';

describe('jwksUriProblem', () => {
  for (const uri of ['https://login.example.com/keys', 'http://127.0.0.1:8080/keys?x=1']) {
    it(`accepts ${uri}`, () => should(jwksUriProblem(uri)).equal(undefined));
  }

  for (const uri of [
    '',
    'login.example.com/keys',
    'ftp://a/keys',
    'file:///keys',
    'https://user:secret@a/keys',
  ]) {
    it(`refuses "${uri}"`, () => should(jwksUriProblem(uri)).equal('jwks-uri'));
  }
});

describe('isPlainHttp', () => {
  for (const uri of ['http://login.example.com/', 'http://10.0.0.1/', 'http://localhost.example.com/']) {
    it(`warns of ${uri}`, () => should(isPlainHttp(uri)).equal(true));
  }

  for (const uri of [
    'https://a/',
    'http://localhost:1/',
    'http://127.1.2.3/',
    'http://[::1]/',
    'not a url',
  ]) {
    it(`does not warn of ${uri}`, () => should(isPlainHttp(uri)).equal(false));
  }
});
