import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** An error whose text is meant for the person at the terminal; no stack is shown. */
export class Explained extends Error {}

let interruptedExitCode = 130;

/** What this process ends with when it is interrupted while it prepares; a start that is called off ends well. */
export function whenInterruptedExitWith(code) {
  interruptedExitCode = code;
}

/** Passes an interruption on to a quiet child and all it started, and ends with it. */
function endWithChild(child) {
  const group = process.platform === "win32" ? child.pid : -child.pid;
  const end = () => {
    child.once("close", () => process.exit(interruptedExitCode));
    process.kill(group, "SIGTERM");
    setTimeout(() => process.kill(group, "SIGKILL"), 5_000).unref();
  };
  for (const signal of SIGNALS) process.once(signal, end);
  child.once("close", () => {
    for (const signal of SIGNALS) process.off(signal, end);
  });
}

/**
 * Runs a program quietly; everything it prints goes to `log` when given.
 * Resolves with its output; rejects with an Explained that ends in the last lines it printed.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, log?: string, timeoutMs?: number, onLine?: (line: string) => void}} [options]
 * @returns {Promise<string>}
 */
export function runQuietly(command, args, { cwd, env, log, timeoutMs, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const detached = process.platform !== "win32";
    const stdio = ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { cwd, env, stdio, detached, timeout: timeoutMs });
    let output = "";
    const take = (chunk) => {
      output += chunk;
      const last = chunk.trimEnd().split("\n").at(-1);
      if (last && onLine) onLine(last.trim());
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.once("spawn", () => endWithChild(child));
    child.once("error", (error) => reject(new Explained(`${command} cannot be started: ${error.message}`)));
    child.once("close", (code, signal) => {
      if (log) {
        mkdirSync(dirname(log), { recursive: true });
        writeFileSync(log, output);
      }
      if (code === 0) resolve(output);
      else
        reject(new Explained([`${command} ended with ${code ?? signal}`, ...lastLines(output)].join("\n")));
    });
  });
}

function lastLines(output) {
  return output.trimEnd().split("\n").slice(-15);
}

/**
 * Runs a program that owns the terminal, passing signals on to it.
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export function runInFront(command, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: "inherit" });
    const pass = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, pass);
    const watch = stopWithNpm(() => child.kill("SIGTERM"));
    child.once("error", reject);
    child.once("exit", (code) => {
      clearInterval(watch);
      for (const signal of SIGNALS) process.off(signal, pass);
      resolve(code ?? 1);
    });
  });
}

/** npm's shell may die of a signal without passing it on; then nobody could stop what was started. */
function stopWithNpm(stop) {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 500).unref();
}
