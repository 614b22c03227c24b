import should from 'should';
import { refusalText, type Translate } from '../../nodes/refusal-text.js';
import { ISSUER_SCHEMA } from '../../src/config/issuer-schema.js';
import { LISTENER_SCHEMA } from '../../src/config/listener-schema.js';
import type { Schema } from '../../src/config/schema.js';
import type { EndpointEvent } from '../../src/events/events.js';
import type { Issuer } from '../../src/keys/issuer.js';
import { issuer } from '../support/core/issuers.js';
import { ListenerServer } from '../support/core/listener-server.js';
import { SocketClient } from '../support/core/socket-client.js';
import { readTexts } from '../support/locales/locales.js';
import { GUIDE, type GuideSection, readGuide } from '../support/provider/guide.js';
import { Internet } from '../support/provider/internet.js';
import type { Mistake, ProviderShape } from '../support/provider/shapes/provider-shape.js';
import { SHAPES } from '../support/provider/shapes/shapes.js';
import { supabaseKeys, supabaseSecret } from '../support/provider/shapes/supabase.js';

const TEXTS = readTexts('en-US');

/** As the log of a Node-RED in English says it. */
const translate: Translate = (key, values = {}) =>
  (TEXTS.get(key) ?? key).replace(/__(\w+?)__/g, (_, name: string) => String(values[name]));

describe(GUIDE, () => {
  const guide = readGuide();

  it('has a section for each product that is tried, and for no other', () => {
    should(guide.map(({ heading }) => heading)).eql(Object.keys(SHAPES));
  });

  it('names properties that the nodes have', () => {
    for (const { issuer: ofIssuer, listener } of guide) {
      should(ISSUER_SCHEMA).have.properties(Object.keys(ofIssuer));
      should(LISTENER_SCHEMA).have.properties(Object.keys(listener));
    }
  });

  for (const section of guide) {
    describe(section.heading, () => {
      let shape: ProviderShape;
      before(async () => {
        const make = SHAPES[section.heading];
        if (make === undefined) throw new Error('nobody knows what it looks like');
        shape = await make();
      });

      it('lets in who has an access token, into the tenant that it names', async () => {
        await trying(section, shape, {}, async (server) => {
          for (const token of shape.tokens) {
            const client = await SocketClient.open(server.url(token));
            const { _session } = await server.messageFrom(client);
            should(_session).containDeep({ tenantId: shape.tenant, authStatus: 'verified' });
            await client.close();
          }
        });
      });

      it('has a row for each mistake that is tried, and for no other', () => {
        const rows = section.pitfalls.map(({ what }) => wordsIn(shape, what));
        should(rows).eql(Object.keys(shape.pitfalls).map((words) => [words]));
      });

      for (const { what, log } of section.pitfalls) {
        it(`says ${log.join(' and ')} of: ${what}`, async () => {
          const [words = ''] = wordsIn(shape, what);
          const mistake = shape.pitfalls[words] ?? {};
          await trying(section, shape, mistake, async (server) => {
            const refused = server.next('refused');
            await SocketClient.refused(server.url(mistake.token ?? shape.tokens[0]));
            should(refusalText(translate, await refused)).equal(log[0]);
            for (const line of log.slice(1)) should(await failure(server)).startWith(line);
          });
        });
      }
    });
  }

  it('takes tokens of before and after a move from the legacy secret of Supabase', async () => {
    const [section, before] = guide.filter(({ heading }) => heading.startsWith('Supabase'));
    const [keys, legacy] = [await supabaseKeys(), await supabaseSecret()];
    if (section === undefined) throw new Error('the guide has no Supabase');
    const properties = { ...newNode(ISSUER_SCHEMA), ...before?.issuer, secret: legacy.secret };
    const second = issuer('legacy', properties);
    await trying(
      section,
      keys,
      {},
      async (server) => {
        for (const token of [...keys.tokens, ...legacy.tokens]) {
          await (await SocketClient.open(server.url(token))).close();
        }
      },
      second,
    );
    second.close();
  });
});

/** Which mistakes a row is about. */
function wordsIn({ pitfalls }: ProviderShape, what: string): string[] {
  return Object.keys(pitfalls).filter((words) => what.includes(words));
}

/**
 * A listener as the section describes it, apart from one mistake, and the servers of the product.
 * @param second another issuer of the listener
 */
async function trying(
  section: GuideSection,
  shape: ProviderShape,
  { entered = {}, documents = {} }: Mistake,
  act: (server: ListenerServer) => Promise<void>,
  second?: Issuer,
): Promise<void> {
  const internet = await Internet.start({ ...shape.documents, ...documents });
  const properties = { ...newNode(ISSUER_SCHEMA), ...section.issuer, secret: shape.secret, ...entered };
  const made = issuer('i', properties, { route: internet.route });
  const listener = { ...newNode(LISTENER_SCHEMA), path: '/ws', ...section.listener };
  const server = await ListenerServer.start({
    properties: { ...listener, jwtValidation: 'issuers', issuer: 'i', issuer2: second?.id ?? '' },
    issuers: second === undefined ? [made] : [made, second],
  });
  try {
    await act(server);
  } finally {
    await server.stop();
    made.close();
    await internet.stop();
  }
}

function newNode(schema: Schema): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).map(([name, { initial }]) => [name, initial]));
}

/** Why keys could not be fetched, as the log has it: said already, or about to be. */
async function failure(server: ListenerServer): Promise<string> {
  const isFailure = (event: EndpointEvent) => event.kind === 'keys-failed';
  const told = server.events.items.find(isFailure) ?? (await server.next('keys-failed'));
  return translate(`warn.${told.code}`, { detail: told.detail ?? '' });
}
