import type { Figure } from "../figure.ts";
import { openLocalSnapshot } from "../local-snapshot.ts";
import { median, timed } from "../statistics.ts";
import { numbersTable, type System } from "../system.ts";

const MODEL = "small-read";
const SQL = "SELECT id, a, b FROM numbers WHERE id = $1";
const READS_PER_ROUND = 50;

/** Figure 4: one row by its key, over HTTP through web and reader, against the same statement in process. */
export const smallRead: Figure = {
  number: 4,
  title: "small read over HTTP",
  async run(system, { rounds }, say) {
    say("building the model");
    await system.api.createModel({ body: { name: MODEL } });
    await system.apply(MODEL, {
      function: "sql",
      args: { sql: `CREATE TABLE numbers AS ${numbersTable(1_000_000)}` },
    });
    await using local = await openLocalSnapshot(system, MODEL);
    const readLocal = async (id: number) =>
      Number((await local.connection.runAndReadAll(SQL, [id])).getRows()[0]?.[0]);
    const pairs: { value: number; floor: number }[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const values: number[] = [];
      const floors: number[] = [];
      for (let read = 0; read < READS_PER_ROUND; read += 1) {
        const id = (round + 1) * READS_PER_ROUND + read;
        const floor = await timed(() => readLocal(id));
        const ours = await timed(() => system.api.queryJson(MODEL, { sql: SQL, params: [id] }));
        if (ours.value.rows[0]?.[0] !== id || floor.value !== id) throw new Error(`row ${id} was not read`);
        values.push(ours.ms);
        floors.push(floor.ms);
      }
      if (round >= 0) pairs.push({ value: median(values), floor: median(floors) });
    }
    const value = median(pairs.map((pair) => pair.value));
    const floor = median(pairs.map((pair) => pair.floor));
    const added = median(pairs.map((pair) => pair.value - pair.floor));
    return [
      {
        name: "one row by key, p50",
        value,
        unit: "ms",
        floor: { name: "in process", value: floor },
        ratio: value / floor,
        goal: "explains the next",
      },
      { name: "added by HTTP, p50", value: added, unit: "ms", goal: "≤ 1 ms", met: added <= 1 },
      await repeated(system),
    ];
  },
};

/** The same statement on a version that cannot change: the answer is that nothing changed. */
async function repeated(system: System) {
  const address = `${system.url}/api/v1/models/${MODEL}/query`;
  const request = (headers: Record<string, string>) =>
    fetch(address, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        authorization: `Bearer ${system.token}`,
        ...headers,
      },
      body: JSON.stringify({ sql: SQL, params: [7] }),
    });
  const first = await request({});
  await first.arrayBuffer();
  const times: number[] = [];
  let bytes = 0;
  for (let read = 0; read < READS_PER_ROUND; read += 1) {
    const { ms, value } = await timed(async () => {
      const response = await request({ "if-none-match": first.headers.get("etag") ?? "" });
      if (response.status !== 304) throw new Error(`an unchanged version answered ${response.status}`);
      return (await response.arrayBuffer()).byteLength;
    });
    times.push(ms);
    bytes += value;
  }
  return {
    name: `repeat on an unchanged version, 304 in ${median(times).toFixed(2)} ms: body`,
    value: bytes,
    unit: "bytes",
    goal: "0 bytes",
    met: bytes === 0,
  } as const;
}
