import type { IncomingMessage } from 'node:http';
import should from 'should';
import { decide } from '../../../src/handshake/decide.js';
import { createIdentify } from '../../../src/token/identify.js';
import { token } from '../../support/core/tokens.js';

const PLACES = { tokenSources: [], tokenHeader: 'Authorization', tokenCookie: 'token' };

describe('src/handshake/decide', () => {
  it('reads nothing from a token in mode none', async () => {
    const nobody = createIdentify(
      { kind: 'anonymous', close: () => {} },
      { tenant: { kind: 'claim', name: 'tenant_id' } },
    );
    for (const url of ['/ws', `/ws?token=${token()}`, '/ws?token=x&token=y', '//']) {
      const steps = { origins: [], trustProxy: 0, places: PLACES, identify: nobody };
      const identity = await decide({ url } as IncomingMessage, steps);
      should(identity).eql({ claims: {}, tenantId: null, subject: undefined, authStatus: 'none' });
    }
  });
});
