import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("./runner/polars-child.ts", import.meta.url));
const ROOT = join(dirname(CHILD), "../../../../..");
const TOOL_FOLDERS = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin"];

/**
 * V8's own memory is for messages only: the data lies in Polars. Its stack must hold QuickJS's at its deepest, in kilobytes; systems
 * give 8 MB.
 */
const NODE_OPTIONS = ["--max-old-space-size=256", "--stack-size=6000"];

/** Address space that Node, V8 and threads take before the first row. */
const BASE_BYTES = 1024 ** 3;

/** Of the machine, what a program needs to run at all; of Teatree, the code that the child loads. */
const READABLE = [
  "/usr",
  "/lib",
  "/lib64",
  "/etc/ld.so.cache",
  process.execPath,
  join(ROOT, "node_modules"),
  join(ROOT, "apps/manager/node_modules"),
  join(ROOT, "apps/manager/package.json"),
  join(ROOT, "apps/manager/src/polars"),
  join(ROOT, "packages/shared/package.json"),
  join(ROOT, "packages/shared/node_modules"),
  join(ROOT, "packages/shared/src"),
];

/** The two folders of one run: tables lie in one, the result goes into the other. */
export interface RunFolders {
  tables: string;
  result: string;
}

/** Whether bubblewrap is there at all; whether it works shows only when it runs. */
export function hasBubblewrap(): boolean {
  return findTool("bwrap") !== undefined;
}

/**
 * The command that starts the child: Node without new privileges, dying with this process, with a limit on its memory, and within
 * bubblewrap when asked. Tools that the machine has not are left out.
 */
export function childCommand(options: {
  folders: RunFolders;
  memoryLimitBytes: number;
  wrapped: boolean;
}): readonly string[] {
  const data = options.memoryLimitBytes + BASE_BYTES;
  return [
    ...(options.wrapped ? bubblewrap(options.folders) : []),
    ...tool("setpriv", ["--no-new-privs", "--pdeathsig", "KILL", "--"]),
    ...tool("prlimit", [`--data=${data}:${data}`, "--core=0:0", "--"]),
    process.execPath,
    ...NODE_OPTIONS,
    CHILD,
  ];
}

/** No network, no processes but its own, nothing to read but `READABLE` and the run's tables, nothing to write but the result. */
function bubblewrap({ tables, result }: RunFolders): string[] {
  return tool("bwrap", [
    "--unshare-all",
    "--die-with-parent",
    "--new-session",
    ...["--cap-drop", "ALL"],
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
    ...READABLE.flatMap((path) => ["--ro-bind-try", path, path]),
    ...["--ro-bind", tables, tables, "--bind", result, result],
    ...["--chdir", result],
    "--",
  ]);
}

function tool(name: string, args: readonly string[]): string[] {
  const path = findTool(name);
  return path === undefined ? [] : [path, ...args];
}

function findTool(name: string): string | undefined {
  return TOOL_FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
