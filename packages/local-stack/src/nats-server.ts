import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { createAccount, fromSeed } from "@nats-io/nkeys";
import { isAtLeast, OLDEST_NATS } from "@teatree/shared/runtime/nats";
import { z } from "zod";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import { NATS_ACCOUNT, NATS_SYSTEM_USER, NATS_USER, type NatsSettings, natsConfig } from "./nats-config.ts";
import { until } from "./polling.ts";
import { keptSecret, writePrivate } from "./private-file.ts";

export interface NatsOptions {
  /** Path of the nats-server program. */
  binary: string;
  /** Holds the store, the configuration and the secrets; kept between starts. */
  folder: string;
  log?: Writable;
  /** Ports of an earlier run, so that a restarted server is found where its clients look. */
  ports?: NatsPorts;
  env?: NodeJS.ProcessEnv;
  /** Gives the start up; nothing it began is left running. */
  signal?: AbortSignal;
}

export interface NatsPorts {
  port: number;
  monitorPort: number;
  webSocketPort: number;
}

/** How to reach a running nats-server. */
export interface NatsAddress {
  /** With user and password of Teatree's servers, account TEATREE; `natsSignIn` of shared/runtime splits it for a client. */
  url: string;
  /** With user and password of the system account, for kicking connections. */
  systemUrl: string;
  wsUrl: string;
  monitorUrl: string;
  user: string;
  password: string;
  /** Account that the auth callout puts browsers into: `aud` of the user claim. */
  account: string;
  /** Seed of the account key that must sign the auth callout's answers. */
  calloutIssuerSeed: string;
  ports: NatsPorts;
}

export interface NatsServer extends NatsAddress {
  child: Child;
  stop(): Promise<void>;
}

const Varz = z.object({
  version: z.string(),
  jetstream: z
    .object({ config: z.object({ sync_always: z.boolean().default(false) }).optional() })
    .optional(),
});

/**
 * Starts nats-server and waits until it is ready.
 * Throws when it ends early, is too old, or does not sync every write: acknowledged intents could be lost then.
 */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const ports = options.ports ?? (await freeNatsPorts());
  const secrets = await natsSecrets(options.folder);
  const address = natsAddress(ports, secrets);
  const configFile = join(options.folder, "nats-server.conf");
  await writePrivate(configFile, natsConfig(settingsOf(options.folder, ports, secrets)));
  const child = await startChild(options.binary, ["-c", configFile], { log: options.log, env: options.env });
  try {
    await assertDurable(child, address.monitorUrl, options.signal);
  } catch (error) {
    await child.stop("SIGTERM", 2_000);
    throw error;
  }
  return { ...address, child, stop: async () => void (await child.stop("SIGTERM", 5_000)) };
}

interface NatsSecrets {
  password: string;
  systemPassword: string;
  calloutIssuerSeed: string;
}

async function natsSecrets(folder: string): Promise<NatsSecrets> {
  const password = () => randomBytes(24).toString("base64url");
  const seed = () => new TextDecoder().decode(createAccount().getSeed());
  return {
    password: await keptSecret(join(folder, "password"), password),
    systemPassword: await keptSecret(join(folder, "system-password"), password),
    calloutIssuerSeed: await keptSecret(join(folder, "callout-seed"), seed),
  };
}

async function freeNatsPorts(): Promise<NatsPorts> {
  const [port, monitorPort, webSocketPort] = await Promise.all([freePort(), freePort(), freePort()]);
  return { port, monitorPort, webSocketPort };
}

function settingsOf(folder: string, ports: NatsPorts, secrets: NatsSecrets): NatsSettings {
  const issuer = fromSeed(new TextEncoder().encode(secrets.calloutIssuerSeed));
  return {
    ...ports,
    serverName: "teatree",
    storeFolder: join(folder, "store"),
    password: secrets.password,
    systemPassword: secrets.systemPassword,
    calloutIssuer: issuer.getPublicKey(),
  };
}

function natsAddress(ports: NatsPorts, secrets: NatsSecrets): NatsAddress {
  return {
    url: `nats://${NATS_USER}:${secrets.password}@127.0.0.1:${ports.port}`,
    systemUrl: `nats://${NATS_SYSTEM_USER}:${secrets.systemPassword}@127.0.0.1:${ports.port}`,
    wsUrl: `ws://127.0.0.1:${ports.webSocketPort}`,
    monitorUrl: `http://127.0.0.1:${ports.monitorPort}`,
    user: NATS_USER,
    password: secrets.password,
    account: NATS_ACCOUNT,
    calloutIssuerSeed: secrets.calloutIssuerSeed,
    ports,
  };
}

async function assertDurable(child: Child, monitorUrl: string, signal?: AbortSignal): Promise<void> {
  const ask = async () => {
    if (!child.running()) return null;
    const health = await fetch(`${monitorUrl}/healthz`);
    if (!health.ok) return undefined;
    return Varz.parse(await (await fetch(`${monitorUrl}/varz`)).json());
  };
  const varz = await until("nats-server's start", ask, { signal });
  if (varz === null) throw new Error(`nats-server ended at once:\n${child.tail().join("\n")}`);
  if (!isAtLeast(varz.version, OLDEST_NATS)) {
    throw new Error(`nats-server ${varz.version} is too old: ${OLDEST_NATS} or newer is needed`);
  }
  if (varz.jetstream?.config?.sync_always !== true) {
    throw new Error("nats-server does not sync every write (sync_interval: always has no effect)");
  }
}
