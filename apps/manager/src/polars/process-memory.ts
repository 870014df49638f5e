import { readdir, readFile } from "node:fs/promises";

/** The processes that came of one, itself included; wrappers like bubblewrap stand between us and the one that works. */
export async function familyOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const children = await Promise.all(
    threads.map((thread) => readOrNothing(`/proc/${pid}/task/${thread}/children`)),
  );
  const pids = children.flatMap((text) => text.split(" ")).filter((text) => text !== "");
  const below = await Promise.all(pids.map((text) => familyOf(Number(text))));
  return [pid, ...below.flat()];
}

/** The memory of a process and all that came of it, now and at its highest, in bytes; 0 where the system does not tell. */
export async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const each = await Promise.all((await familyOf(pid)).map((one) => readOrNothing(`/proc/${one}/status`)));
  const sum = (field: string) =>
    each.reduce(
      (total, status) => total + Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0),
      0,
    );
  return { now: sum("VmRSS") * 1024, peak: sum("VmHWM") * 1024 };
}

/** A process may end between being named and being read. */
async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
