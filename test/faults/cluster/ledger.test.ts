import should from 'should';
import { Ledger, type Party } from './ledger.js';

/** Two connections of a tenant to the first instance, one to the second, and one of another tenant. */
const ANN: Party = { id: 'ann', tenant: 'acme', run: 's0.1' };
const BOB: Party = { id: 'bob', tenant: 'acme', run: 's0.1' };
const CAT: Party = { id: 'cat', tenant: 'acme', run: 's1.1' };
const EVE: Party = { id: 'eve', tenant: 'globex', run: 's1.1' };

describe("the cluster drill's ledger", () => {
  let ledger: Ledger;

  beforeEach(() => {
    ledger = new Ledger();
    for (const party of [ANN, BOB, CAT, EVE]) ledger.opened(party);
    ledger.begin();
  });

  /** Somebody says something, and it comes to these. */
  function say(speaker: Party, ...hearers: readonly Party[]): string {
    const text = ledger.say(speaker);
    for (const hearer of hearers) ledger.received(hearer, text);
    return text;
  }

  /** The number of messages that were lost, by why. */
  function lost(): Record<string, number> {
    const counted = Object.entries(ledger.losses()).map(([kind, { messages }]) => [kind, messages] as const);
    return Object.fromEntries(counted.filter(([, messages]) => messages > 0));
  }

  it('has nothing to say where each message has come once to everybody of its tenant', () => {
    say(ANN, ANN, BOB, CAT);
    say(CAT, CAT, ANN, BOB);
    should(lost()).eql({});
    should([ledger.twice, ledger.outOfOrder, ledger.wrongTenant, ledger.delivered]).eql([0, 0, 0, 6]);
    should(ledger.waiting()).equal(0);
  });

  it("counts what is lost on the sender's own instance, and each delivery that is missing", () => {
    say(ANN, ANN, CAT);
    should(lost()).eql({ local: 1 });
    should(ledger.losses().local).match({ messages: 1, deliveries: 1 });
  });

  it('counts what is lost on another instance, once something later has come from there', () => {
    say(ANN, ANN, BOB);
    say(BOB, ANN, BOB, CAT);
    should(lost()).eql({ silent: 1 });
  });

  it('does not count what may still be on its way', () => {
    say(ANN, ANN, BOB, CAT);
    say(ANN, ANN, BOB);
    should(lost()).eql({});
  });

  it('counts what an instance that is gone now has sent last', () => {
    say(CAT, CAT);
    ledger.closed(CAT);
    should(lost()).eql({ silent: 1 });
  });

  it('counts what comes twice', () => {
    const text = say(ANN, ANN, BOB, CAT);
    ledger.received(CAT, text);
    should(ledger.twice).equal(1);
  });

  it('counts what comes to a stranger, whatever it says', () => {
    const text = say(ANN, ANN, BOB, CAT);
    ledger.received(EVE, text);
    should(ledger.wrongTenant).equal(1);
    ledger.received(ANN, 'acme|1|77'); // nobody has said that
    should(ledger.wrongTenant).equal(2);
  });

  it("counts what comes out of its speaker's order, or after its round", () => {
    const first = say(ANN, ANN, BOB);
    const second = say(ANN, ANN, BOB, CAT);
    ledger.received(CAT, first);
    should(ledger.outOfOrder).equal(1);
    should(ledger.waiting()).equal(0);
    ledger.begin();
    ledger.received(CAT, second);
    should(ledger.outOfOrder).equal(2);
  });

  it('lets come in the next round what was said after the mark, and not in the one after that', () => {
    ledger.mark();
    const text = say(ANN, ANN, BOB);
    ledger.begin();
    ledger.received(CAT, text);
    should(ledger.outOfOrder).equal(0);
    ledger.begin();
    ledger.received(CAT, text);
    should(ledger.outOfOrder).equal(1);
  });

  it('sets apart what the speaker was told of, and takes that from nobody else', () => {
    const text = say(ANN, ANN, BOB);
    say(ANN, ANN, BOB, CAT);
    ledger.received(BOB, `${text}|told|cluster-down`);
    should(ledger.wrongTenant).equal(1);
    should(lost()).eql({ silent: 1 });
    ledger.received(ANN, `${text}|told|cluster-down`);
    should(lost()).eql({ told: 1 });
    should([...ledger.told]).eql([['cluster-down', 1]]);
  });

  it('excuses nothing on the own instance because the speaker was told', () => {
    const text = say(ANN, ANN, CAT);
    ledger.received(ANN, `${text}|told|cluster-down`);
    should(lost()).eql({ local: 1 });
  });

  it('owes nothing to who comes after it was said, and all that is said then', () => {
    ledger.closed(BOB);
    say(ANN, ANN, CAT);
    const again = { ...BOB, id: 'bob again' };
    ledger.opened(again);
    should(lost()).eql({});
    say(ANN, ANN, CAT);
    should(lost()).eql({ local: 1 });
  });

  it('owes to who was cut off what came before something that he has heard, and nothing after', () => {
    say(ANN, ANN, BOB);
    say(ANN, ANN, BOB, CAT);
    say(ANN, ANN, BOB);
    ledger.closed(CAT);
    should(lost()).eql({ silent: 1 });
  });

  it('owes to nobody what a speaker who was cut off has not heard himself, and to him what he should have', () => {
    say(ANN, BOB);
    should(ledger.waiting()).equal(1);
    should(lost()).eql({ local: 1 });
    ledger.closed(ANN);
    should(ledger.waiting()).equal(0);
    should(lost()).eql({});
  });

  it('sets apart what was on its way when something broke, and not what was said after', () => {
    say(ANN, ANN, BOB);
    ledger.broken();
    say(ANN, ANN, BOB);
    say(ANN, ANN, BOB, CAT);
    should(lost()).eql({ 'under way': 1, silent: 1 });
    should(ledger.faults).equal(1);
    ledger.begin();
    should(ledger.faults).equal(0);
  });

  it('does not owe what others say to an instance that is out of touch, until something said after comes there', () => {
    ledger.outOfTouch(CAT.run);
    say(ANN, ANN, BOB);
    ledger.backInTouch(CAT.run);
    say(ANN, ANN, BOB);
    say(ANN, ANN, BOB, CAT);
    should(lost()).eql({ away: 2 });
    say(ANN, ANN, BOB);
    say(BOB, ANN, BOB, CAT);
    should(lost()).eql({ away: 2, silent: 1 });
  });

  it('owes to the others what an instance says that is out of touch', () => {
    ledger.outOfTouch(CAT.run);
    say(CAT, CAT, ANN);
    say(CAT, CAT, ANN, BOB);
    should(lost()).eql({ silent: 1 });
  });

  it('knows who has not been heard since the mark, one of each instance', () => {
    say(ANN, ANN, BOB, CAT);
    say(CAT, ANN, BOB, CAT);
    ledger.mark();
    should(ledger.unheard().map(({ run }) => run)).eql(['s0.1', 's1.1', 's1.1']);
    for (const party of ledger.unheard().filter(({ tenant }) => tenant === 'acme')) say(party, ANN, BOB, CAT);
    should(ledger.unheard()).eql([EVE]);
    say(EVE, EVE);
    should(ledger.unheard()).eql([]);
  });
});
