import should from 'should';
import { Intake } from '../../../src/cluster/intake.js';

/** Reads so much of nobody that it has to pause, and resolves when it goes on. */
function pause(intake: Intake): Promise<void> {
  return new Promise((resolve) => {
    for (;;) {
      let isRead = false;
      let isHeld = false;
      intake.read(false, () => {
        isRead = true;
        if (isHeld) resolve();
      });
      isHeld = true;
      if (!isRead) return;
    }
  });
}

describe('src/cluster/intake', () => {
  it('takes an event loop that stands still for no flood', async () => {
    const intake = new Intake(() => false);
    intake.isFlooded(performance.now());
    const goesOn = pause(intake);
    const startedMs = performance.now();
    while (performance.now() - startedMs < 200); // nothing else gets its turn
    await goesOn;
    should(intake.isFlooded(performance.now())).be.false();
  });

  it('reads on when there is less to do, and not after its connection is gone', () => {
    let isBusy = true;
    let read = 0;
    const intake = new Intake(() => isBusy);
    intake.read(true, () => {
      read += 1;
    });
    intake.resume();
    should(read).equal(0);
    isBusy = false;
    intake.resume();
    intake.resume();
    should(read).equal(1);
    isBusy = true;
    intake.read(true, () => {
      read += 1;
    });
    intake.reset();
    isBusy = false;
    intake.resume();
    should(read).equal(1);
  });
});
