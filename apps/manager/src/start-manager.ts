import { dirname, join } from "node:path";
import { packPlaces } from "@teatree/shared/block-store/pack-places";
import type { VersionFile } from "@teatree/shared/contracts/manager-api";
import { announceManager, releaseLease } from "@teatree/shared/control-db/leases";
import { openPool } from "@teatree/shared/control-db/pool";
import { namingVersions, wantsCollection } from "@teatree/shared/control-db/retention";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { errorCodeOf } from "@teatree/shared/runtime/error-code";
import { createLogger, type Logger } from "@teatree/shared/runtime/logger";
import { RETRIES, retry } from "@teatree/shared/runtime/retry";
import { createShutdown, exitWithParent, type Shutdown } from "@teatree/shared/runtime/shutdown";
import { startTracing } from "@teatree/shared/runtime/tracing";
import { startManagerApi } from "./api/server.ts";
import { startArchiver } from "./archive/archiver.ts";
import { openBus } from "./batches/bus.ts";
import { openJournal } from "./batches/journal.ts";
import { openLiveFile } from "./batches/live-file.ts";
import { loadModelState, publishedFile, publishedFiles } from "./batches/model-state.ts";
import { startRelay } from "./batches/relay.ts";
import { reportArchived, writerEvents } from "./batches/reports.ts";
import { type BatchRunner, createBatchRunner } from "./batches/runner.ts";
import { startTransforms } from "./batches/transforms.ts";
import type { ManagerEnv } from "./env.ts";
import { acquireLease } from "./lease/acquire.ts";
import { keepLease } from "./lease/keep.ts";
import { ownIdentity } from "./lease/process-identity.ts";
import { PREVIEW_LIMITS, startPreviews } from "./preview/previews.ts";
import { startPublisher } from "./publish/publisher-host.ts";
import { sweepFolder } from "./publish/sweep.ts";
import { sweepLeases } from "./reader/lease-folders.ts";
import { startReader } from "./reader/reader-host.ts";
import { collect } from "./retention/collect.ts";
import { startRetention } from "./retention/retention.ts";

/** Another manager holds the model's lease; nothing is wrong. */
const HELD_BY_ANOTHER = 75;
/** How long a running intent may go on when the manager is asked to stop. */
const GRACE_MS = 4_000;

/**
 * The manager of one model: takes its lease, opens its live file, publishes what an earlier one left, then serves batches until
 * it is told to stop (exit 0) or loses the lease (exit 1). Exits with 75 when another holds the lease.
 */
export async function startManager(env: ManagerEnv): Promise<void> {
  const logger = createLogger("manager", env.logLevel).child({ model: env.modelId });
  const shutdown = createShutdown(logger);
  try {
    await start(env, logger, shutdown);
  } catch (error) {
    logger.fatal({ error, code: errorCodeOf(error) }, "the manager could not start");
    // A shutdown with a failed part is what makes the exit code 1.
    shutdown.add("start", () => Promise.reject(error));
    await shutdown.run("failed start");
  }
}

async function start(env: ManagerEnv, logger: Logger, shutdown: Shutdown): Promise<void> {
  const { modelId, versionsDir } = env;
  if (env.parentPid !== undefined)
    exitWithParent(env.parentPid, () => void shutdown.run("the start is gone"));
  const tracing = await startTracing("manager", env.otlpEndpoint);
  shutdown.add("tracing", () => tracing.stop());
  const pool = openPool(env.databaseUrl, { applicationName: "manager", max: 6 });
  shutdown.add("database", () => pool.end());
  // Renewals must not wait behind anything else.
  const leasePool = openPool(env.databaseUrl, { applicationName: "manager-lease", max: 1 });
  shutdown.add("lease database", () => leasePool.end());

  const { selfCheckEvery, objectStoreEnv } = env;
  const publisher = startPublisher({ versionsDir, selfCheckEvery }, objectStoreEnv, logger);
  shutdown.add("publisher", () => publisher.stop());
  /** The current version's file is not put to another use. */
  const makeFile = (file: VersionFile, fresh = false) =>
    publisher.ensure(file, { keep: runner?.files() ?? [], fresh });
  let runner: BatchRunner | undefined;

  // Half of a start is the reader's: it needs no lease, so it comes up beside the rest.
  const starting = startReader({
    versionsDir,
    modelId,
    secret: env.secret,
    threads: env.threads,
    memoryLimitBytes: env.readerMemoryBytes,
    makeFile,
    logger: logger.child({ part: "reader" }),
  });
  starting.catch(() => undefined);

  const self = ownIdentity();
  const taken = await retry(RETRIES.start, () =>
    acquireLease(leasePool, { modelId, self, ttlMs: env.leaseMs }),
  );
  if (taken === null) {
    logger.info("the model's lease is held by another manager");
    process.exit(HELD_BY_ANOTHER);
  }
  /** Without the lease nothing more may be done, not even tidying up: what dies with this process is made again. */
  const endAtOnce = (reason: string): void => {
    logger.fatal({ reason }, "the lease is lost");
    process.exit(1);
  };
  const { epoch } = taken;
  logger.info({ epoch }, "lease taken");
  shutdown.add("lease", () => releaseLease(leasePool, { modelId, epoch }));
  const keeper = keepLease(
    leasePool,
    { ...taken, modelId, ttlMs: env.leaseMs },
    { logger, onLost: endAtOnce },
  );
  shutdown.add("lease keeper", () => keeper.stop());

  const bus = openBus({
    url: env.natsUrl,
    name: `teatree-manager-${modelId}`,
    logger,
    signal: shutdown.signal,
    onConnect: () => relay.kick(),
  });
  shutdown.add("nats", () => bus.close());
  const journal = openJournal({ db: pool, logger, onWritten: (ids) => bus.jobsChanged(ids) });
  shutdown.add("journal", () => journal.flush());
  const relay = startRelay({ db: pool, bus, modelId, journal, logger });
  shutdown.add("relay", () => relay.stop());

  const store = await openObjectStore(env.objectStore);
  shutdown.add("object store", () => store.close());
  const [initial, published] = await Promise.all([
    loadModelState(pool, modelId),
    publishedFiles(pool, modelId),
  ]);
  const places = packPlaces(store, versionsDir);
  const packs = dirname(places.localPath({ model: modelId, version: 1, epoch }));
  await sweepFolder(join(versionsDir, modelId), epoch, published);
  await sweepFolder(packs, epoch, published);
  await sweepLeases(versionsDir, modelId);

  const live = await openLiveFile(
    {
      modelDir: join(env.workDir, modelId),
      epoch,
      self,
      memoryLimitBytes: env.writerMemoryBytes,
      threads: env.threads,
      logger,
      write: (file, path) => publisher.write(file, path),
      onEvent: writerEvents({ db: pool, journal, logger }),
    },
    publishedFile(initial.current),
  );
  shutdown.add("writer", () => live.close());
  const reader = await starting;
  shutdown.add("reader", () => reader.stop());
  reader.exited.then(() => shutdown.run("the reader ended for good"));
  const archiver = startArchiver({
    db: pool,
    storeEnv: env.objectStoreEnv,
    modelId,
    epoch,
    versionsDir,
    scratchDir: join(env.workDir, modelId, "archive"),
    logger: logger.child({ part: "archive" }),
    onArchived: (version, done) => reportArchived(journal, version, done),
  });
  shutdown.add("archiver", () => archiver.stop());

  const transforms = await startTransforms({
    db: pool,
    modelId,
    modelDir: join(env.workDir, modelId),
    versionsDir,
    ensureFile: makeFile,
    threads: env.threads,
    memoryLimitBytes: env.writerMemoryBytes,
    timeoutMs: env.intentTimeoutMs,
    logger: logger.child({ part: "transforms" }),
  });
  shutdown.add("transforms", () => transforms.stop());

  const batches = createBatchRunner(
    {
      pool,
      modelId,
      epoch,
      versionsDir,
      publisher,
      journal,
      logger,
      signal: shutdown.signal,
      live,
      store,
      ensureFile: makeFile,
      compute: transforms.compute,
      intentTimeoutMs: env.intentTimeoutMs,
      warm: (file) => reader.warm(file),
      onLost: endAtOnce,
      onPublished(before, now, outcomes) {
        bus.jobsChanged(outcomes.map((outcome) => outcome.intentId));
        relay.kick();
        archiver.kick();
        retention.kick();
        if (before.current && before.current.file !== now.current?.file) reader.retire(before.current.file);
      },
    },
    initial,
  );
  runner = batches;
  const collecting = {
    db: pool,
    modelId,
    epoch,
    places,
    versionsDir,
    logger,
    naming: namingVersions,
    forget: publisher.forget,
  };
  const retention = startRetention({
    turn: () => batches.between((makeRoom) => collect(collecting, makeRoom)),
    isWanted: () => wantsCollection(pool, modelId),
    idleMs: () => batches.idleMs(),
    logger: logger.child({ part: "retention" }),
  });
  shutdown.add("retention", () => retention.stop());
  await batches.recover();

  const previews = await startPreviews({
    pool,
    modelId,
    epoch,
    modelDir: join(env.workDir, modelId),
    versionsDir,
    store,
    ensureFile: makeFile,
    patch: (file, path, from) => publisher.write(file, path, from),
    compute: transforms.compute,
    memoryLimitBytes: Math.floor(env.writerMemoryBytes / 2),
    limits: { ...PREVIEW_LIMITS, timeoutMs: env.previewTimeoutMs },
    threads: env.threads,
    logger,
  });
  const firstOfAll: BatchRunner["run"] = (batch) => {
    const done = batches.run(batch);
    archiver.giveWay(done);
    return done;
  };
  const api = await startManagerApi({
    modelId,
    secret: env.secret,
    runner: { ...batches, run: firstOfAll },
    collect: retention.collect,
    preview: previews.run,
    logger,
    health: () => ({
      modelId,
      epoch,
      version: batches.version(),
      idleMs: Math.floor(Math.min(batches.idleMs(), archiver.idleMs(), reader.idleMs(), previews.idleMs())),
    }),
    onStop: () => void shutdown.run("asked to stop"),
  });
  shutdown.add("api", () => api.close());
  // Before the door closes: nobody waits for what runs there.
  shutdown.add("previews", () => previews.stop());
  shutdown.add("batches", () => batches.drain(GRACE_MS));

  const place = { managerUrl: api.url, readerUrl: reader.url };
  await announceManager(pool, { modelId, epoch, ...place });
  logger.info({ epoch, ...place, version: batches.version() }, "ready");
  relay.kick();
  archiver.kick();
  retention.kick();
}
