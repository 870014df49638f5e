import { packPlaces } from "@teatree/shared/block-store/pack-places";
import { ModelId } from "@teatree/shared/contracts/ids";
import { type Db, openPool } from "@teatree/shared/control-db/pool";
import { namingVersions } from "@teatree/shared/control-db/retention";
import { type ObjectStore, openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { createLogger } from "@teatree/shared/runtime/logger";
import { z } from "zod";
import { collect } from "../collect.ts";

/** One collection as a process of its own, which may end itself in the middle. The result goes to standard output. */
export const CollectTask = z.object({
  databaseUrl: z.string(),
  modelId: ModelId,
  epoch: z.int(),
  versionsDir: z.string(),
  /** The directory of the object store. */
  objects: z.string(),
  /** Before which call to database or object store, counted from 1, the process ends itself. */
  killAtCall: z.int().optional(),
  /** After how many milliseconds it ends itself. */
  killAfterMs: z.number().optional(),
  /** The pack of a version that the collector is to forget about: what its safeguard is worth. */
  ignored: z.string().optional(),
});
export type CollectTask = z.infer<typeof CollectTask>;

const task = CollectTask.parse(JSON.parse(process.env.COLLECT_TASK ?? ""));
const die = () => process.kill(process.pid, "SIGKILL");
let calls = 0;

function mayDie(): void {
  calls += 1;
  if (calls === task.killAtCall) die();
}

const pool = openPool(task.databaseUrl, { applicationName: "collect", max: 2 });
const directory = await openObjectStore({ kind: "directory", path: task.objects });
const db = fatal<Db>(pool, ["query"]);
const store = fatal<ObjectStore>(directory, ["remove", "putFile", "list", "head"]);

/** The same object; each of the named methods may be the last that is called. */
function fatal<Target extends object>(target: Target, names: (keyof Target)[]): Target {
  const changed = Object.fromEntries(
    names.map((name) => {
      const method = target[name];
      if (typeof method !== "function") throw new Error(`${String(name)} is no method`);
      return [
        name,
        (...args: unknown[]) => {
          mayDie();
          return Reflect.apply(method, target, args);
        },
      ];
    }),
  );
  return { ...target, ...changed };
}

if (task.killAfterMs !== undefined) setTimeout(die, task.killAfterMs);
const context = {
  db,
  modelId: task.modelId,
  epoch: task.epoch,
  places: packPlaces(store, task.versionsDir),
  versionsDir: task.versionsDir,
  logger: createLogger("collect", "warn"),
  naming: async (from: Db, modelId: ModelId) =>
    (await namingVersions(from, modelId)).filter(({ pack }) => pack !== task.ignored),
  forget: async () => mayDie(),
};
const result = await collect(context, () => false);
process.stdout.write(JSON.stringify({ ...result, calls }));
await pool.end();
