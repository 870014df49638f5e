import type { Storage } from "@teatree/shared/contracts/retention";
import { Bytes } from "../../ui/figures.tsx";
import { plural } from "../../ui/format.ts";

/** The bytes of a model's packs: which are needed, which wait, which are nobody's. */
export function StorageBar({ storage: { packs, waiting } }: { storage: Storage }) {
  const parts = [
    { name: "Live", bytes: packs.liveBytes, ground: "bg-data", note: "kept versions are made of them" },
    {
      name: "Waiting",
      bytes: packs.waitingBytes,
      ground: "bg-data-2",
      note:
        waiting.versions === 0
          ? "no removed version"
          : `${plural(waiting.versions, "removed version")} in grace`,
    },
    {
      name: "Unused",
      bytes: packs.deadBytes,
      ground: "bg-data-mute",
      note: "too little of a pack to rewrite it",
    },
  ];
  return (
    <div>
      <div aria-hidden="true" className="flex h-2 gap-px overflow-hidden rounded-full bg-press">
        {parts.map(({ name, bytes, ground }) =>
          bytes === 0 ? null : (
            <span key={name} className={`min-w-0.75 ${ground}`} style={{ flexGrow: bytes, flexBasis: 0 }} />
          ),
        )}
      </div>
      <dl className="mt-1.5 flex flex-wrap gap-x-6 gap-y-1">
        {parts.map(({ name, bytes, ground, note }) => (
          <div key={name} className="flex items-baseline gap-1.5" title={note}>
            <dt className="flex items-baseline gap-1.5 text-meta text-ink-3">
              <span aria-hidden="true" className={`size-2 self-center rounded-s ${ground}`} />
              {name}
            </dt>
            <dd className="font-medium">
              <Bytes value={bytes} />
            </dd>
          </div>
        ))}
        <div className="flex items-baseline gap-1.5">
          <dt className="text-meta text-ink-3">Stored</dt>
          <dd className="font-medium">
            <Bytes value={packs.bytes} />
          </dd>
        </div>
      </dl>
    </div>
  );
}
