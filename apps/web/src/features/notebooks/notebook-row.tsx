import type { NotebookSummary } from "@teatree/shared/contracts/notebooks";
import Link from "next/link";
import { Initials } from "../../ui/chip.tsx";
import { Time } from "../../ui/figures.tsx";
import { Icon } from "../../ui/icon.tsx";

/** One notebook on one line: title, model, who made it, when it was last changed. */
export function NotebookRow({ notebook }: { notebook: NotebookSummary }) {
  return (
    <Link
      href={`/notebooks/${notebook.id}`}
      className="-mx-2 flex h-9 min-w-0 flex-1 items-center gap-2.5 rounded-m px-2 hover:bg-hover"
    >
      <Icon name="notebook" className="text-ink-3" />
      <span className="min-w-0 flex-1 truncate font-medium">{notebook.title}</span>
      <span className="w-32 truncate text-ink-2 max-md:hidden">{notebook.model ?? ""}</span>
      <Initials name={notebook.createdBy} />
      <Time at={notebook.updatedAt} className="w-20 text-right text-meta text-ink-3" />
    </Link>
  );
}
