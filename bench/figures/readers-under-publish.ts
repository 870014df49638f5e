import type { Figure } from "../figure.ts";
import { median, percentile } from "../statistics.ts";
import type { System } from "../system.ts";

const MODEL = "readers";
const READERS = 32;

/** Figure 6: readers that read all the time, while versions publish and while none does. */
export const readersUnderPublish: Figure = {
  number: 6,
  title: "32 readers while versions publish",
  async run(system, { rounds, switches }, say) {
    await system.api.createModel({ body: { name: MODEL } });
    await system.apply(MODEL, {
      function: "sql",
      args: { sql: "CREATE TABLE pairs AS SELECT i AS id, -i AS negated FROM range(100000) t(i)" },
    });
    const perRound = Math.ceil(switches / rounds);
    const ratios: number[] = [];
    const alone: number[] = [];
    const during: number[] = [];
    let reads = 0;
    let failed = 0;
    let published = 0;
    for (let round = 0; round < rounds; round += 1) {
      say(`round ${round + 1} of ${rounds}`);
      const writing = await readWhile(system, () => publishMany(system, perRound));
      const quiet = await readWhile(system, () => pause(2_000));
      published += perRound;
      const [writingP99, quietP99] = [writing, quiet].map(({ latencies }) => percentile(latencies, 0.99));
      if (writingP99 === undefined || quietP99 === undefined) throw new Error("no read ended");
      for (const side of [writing, quiet]) {
        reads += side.latencies.length + side.failed;
        failed += side.failed;
      }
      alone.push(quietP99);
      during.push(writingP99);
      ratios.push(writingP99 / quietP99);
    }
    const ratio = median(ratios);
    return [
      {
        name: "read p99 while publishing",
        value: median(during),
        unit: "ms",
        floor: { name: "the same readers, no writer", value: median(alone) },
        ratio,
        goal: "≤ 1.25 ×",
        met: ratio <= 1.25,
      },
      {
        name: `failed of ${reads} reads over ${published} switches`,
        value: failed,
        unit: "count",
        goal: "0",
        met: failed === 0,
      },
    ];
  },
};

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function publishMany(system: System, count: number) {
  for (let version = 0; version < count; version += 1) {
    await system.apply(MODEL, {
      function: "sql",
      args: { sql: "INSERT INTO pairs SELECT max(id) + 1, -(max(id) + 1) FROM pairs" },
    });
  }
}

type Reads = { latencies: number[]; failed: number };

/** Every read that began while `work` ran: the ms each took, and how many failed. Throws at a half-made answer. */
async function readWhile(system: System, work: () => Promise<void>): Promise<Reads> {
  const reads: Reads = { latencies: [], failed: 0 };
  let working = true;
  const readers = Array.from({ length: READERS }, async () => {
    while (working) {
      const start = performance.now();
      const answer = await system.api
        .queryJson(MODEL, { sql: "SELECT count(*), sum(id + negated), max(id) + 1 FROM pairs" })
        .catch(() => null);
      if (answer === null) {
        reads.failed += 1;
        continue;
      }
      reads.latencies.push(performance.now() - start);
      const [count, sum, next] = answer.rows[0] ?? [];
      if (Number(sum) !== 0 || Number(count) !== Number(next)) {
        throw new Error(`half-made state: ${answer.rows[0]}`);
      }
    }
  });
  const written = work().finally(() => {
    working = false;
  });
  await Promise.all([written, ...readers]);
  return reads;
}
