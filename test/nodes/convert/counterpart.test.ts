import should from 'should';
import { counterpart } from '../../../nodes/convert/counterpart.js';
import { CLIENT_SCHEMA } from '../../../src/config/client-schema.js';
import { OUT_SCHEMA } from '../../../src/config/out-options.js';
import { initialValues } from '../../../src/config/schema.js';

describe('nodes: what a built-in node becomes', () => {
  it('keeps everything a flow node has, and attaches it to one config node', () => {
    const place = { id: 'i', z: 'f', g: 'g', d: true, x: 10, y: 20, l: false, name: 'x', info: 'y' };
    const node = { ...place, type: 'websocket in', server: 'l', client: '', wires: [['o']] };
    should(counterpart(node, 'tenant')).eql({ ...node, type: 'websocket-plus in' });
    should(counterpart({ ...node, type: 'websocket out', client: 'c' }, 'tenant')).eql({
      ...node,
      type: 'websocket-plus out',
      server: '',
      client: 'c',
      ...initialValues(OUT_SCHEMA),
    });
  });

  it('makes a listener that checks nobody, with the scope asked for', () => {
    const listener = {
      id: 'l',
      type: 'websocket-listener',
      path: '$(P)',
      wholemsg: 'true',
      info: 'y',
      d: true,
      name: 'kept',
    };
    const made = counterpart(listener, 'session');
    should(made).containEql({ ...listener, type: 'websocket-plus-listener' });
    should(made).containEql({ jwtValidation: 'none', routingScope: 'session', maxPayload: '104857600' });
    should(made).containEql({
      tenantClaim: 'tenant_id',
      authExpiry: 'disconnect',
      timeout: '',
      enforceLimits: true,
    });
    should(made).not.have.property('jwtSecret');
  });

  it('makes a client that shows no token', () => {
    const header = { keyType: 'other', keyValue: 'X', valueType: 'env', valueValue: 'Y' };
    const shared = {
      path: 'wss://p',
      tls: 't',
      wholemsg: 'false',
      hb: '5',
      subprotocol: 'a',
      headers: [header],
    };
    should(counterpart({ id: 'c', type: 'websocket-client', ...shared }, 'global')).eql({
      id: 'c',
      type: 'websocket-plus-client',
      ...initialValues(CLIENT_SCHEMA),
      ...shared,
      authMode: 'none',
      maxPayload: '104857600',
    });
  });
});
