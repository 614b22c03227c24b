import { spawn } from 'node:child_process';
import should from 'should';
import { GcTrace, parseCollection, TRACE_FLAG, useIn } from './gc-trace.js';

const NODE_20 =
  '[8235:0x2bfa5c00]       21 ms: pause=1.1 mutator=0.4 gc=s reduce_memory=0 heap.epilogue.reduce_new_space=0.00 scavenge=0.99 total_size_after=3947480 allocated=223448 promoted=701864 new_space_survived=192520 nodes_promoted=1 promotion_ratio=68.1% unmapper_chunks=0';
const NODE_24 =
  '[8278:0x1657c000:0]     2025 ms: pause=14.1 mutator=16.8 gc=mc reduce_memory=0 clear.join_filter_job=0.0clear.join_job=0.0 allocated=4087096 promoted=74456 quarantined_size=0 new_space_survived=0 nodes_promoted=0 promotion_ratio=46.7% pool_total_chunks=0';

describe('bench: the trace of collections', () => {
  it('is read as Node.js 20 and 24 write it', () => {
    should(parseCollection(NODE_20)).eql({
      atMs: 21,
      isScavenge: true,
      pauseMs: 1.1,
      promotedBytes: 701864,
    });
    should(parseCollection(NODE_24)).eql({
      atMs: 2025,
      isScavenge: false,
      pauseMs: 14.1,
      promotedBytes: 74456,
    });
  });

  it('holds no collection where a line tells of something else, or is cut off', () => {
    for (const line of ['', 'Error: address in use', `said: ${NODE_20}`, NODE_20.slice(0, 120)]) {
      should(parseCollection(line)).equal(undefined);
    }
  });

  it('counts what happened within a span, and promotes by scavenges alone', () => {
    const scavenge = { isScavenge: true, pauseMs: 2, promotedBytes: 100 };
    const full = { isScavenge: false, pauseMs: 30, promotedBytes: 5000 };
    const collections = [
      { atMs: 10, ...scavenge },
      { atMs: 11, ...scavenge },
      { atMs: 15, ...full },
      { atMs: 20, ...scavenge },
      { atMs: 21, ...scavenge },
    ];
    should(useIn({ fromMs: 10, toMs: 20 }, collections)).eql({
      scavenges: 2,
      pauseMs: 34,
      promotedBytes: 200,
    });
  });

  it('tells what a process did until it had ended', async () => {
    // the clock of V8 starts a little after that of the process
    const trace = traceOf(`
      const kept = [];
      for (let i = 0; i < 5; i++) { kept.push(new Array(10_000).fill(i)); gc({ type: 'minor' }); }
      const until = performance.now();
      while (performance.now() < until + 50);
      gc();
    `);
    const use = await trace.during({ fromMs: 0, toMs: 1 });
    should(use).eql({ scavenges: 0, pauseMs: 0, promotedBytes: 0 });
    const later = await trace.during({ fromMs: 0, toMs: trace.lastMs - 1 });
    should(later?.scavenges).be.aboveOrEqual(5);
    should(later?.promotedBytes).be.above(80_000);
  });

  it('is not believed where it ends before the span: lines are missing', async () => {
    const trace = traceOf('gc()');
    should(await trace.during({ fromMs: 0, toMs: 3_600_000 })).equal(undefined);
  });
});

function traceOf(script: string): GcTrace {
  const trace = new GcTrace();
  const flags = ['--expose-gc', TRACE_FLAG, '-e', script];
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  trace.read(child.stdout);
  return trace;
}
