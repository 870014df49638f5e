import { Mono } from "../../ui/code-block.tsx";
import type { ReferenceMember, ReferenceSection } from "./sections.ts";

/** A line of documentation; what stands between backticks is code. */
function DocText({ text }: { text: string }) {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? <Mono key={`${index}-${part}`}>{part}</Mono> : part));
}

function Signature({ name, text }: { name: string; text: string }) {
  return (
    <code className="block pl-4 -indent-4 font-mono text-code wrap-anywhere">
      <span className="text-syn-fn">{name}</span>
      {text.slice(name.length)}
    </code>
  );
}

function Member({ name, signatures, doc }: ReferenceMember) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-6 border-t border-hair py-1.5 md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <dt>
        {signatures.map((text) => (
          <Signature key={text} name={name} text={text} />
        ))}
      </dt>
      <dd className="text-ink-2 max-md:pl-4">
        <DocText text={doc} />
      </dd>
    </div>
  );
}

/** A class: what it is, and each of its members with the ways to call it. */
export function SectionView({ section }: { section: ReferenceSection }) {
  const { id, title, doc, members } = section;
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="scroll-mt-4">
      <h2 id={`${id}-title`} className="text-head font-semibold">
        {title}
      </h2>
      <p className="mb-2 text-ink-2">
        <DocText text={doc} />
      </p>
      <dl>
        {members.map((member) => (
          <Member key={member.name} {...member} />
        ))}
      </dl>
    </section>
  );
}
