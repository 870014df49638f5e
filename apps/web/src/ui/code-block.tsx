import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";
import { SqlText } from "./sql-text.tsx";
import { TsText } from "./ts-text.tsx";

/** Text in the editor's face on the editor's ground, with a copy button. */
export function CodeBlock({
  text,
  language,
  label,
}: {
  text: string;
  language: "sql" | "ts" | "text";
  label: string;
}) {
  return (
    <div className="relative rounded-m bg-code">
      <pre className="overflow-x-auto py-2 pr-10 pl-3 font-mono text-code break-words whitespace-pre-wrap">
        {language === "sql" ? <SqlText sql={text} /> : language === "ts" ? <TsText code={text} /> : text}
      </pre>
      <span className="absolute top-1 right-1">
        <CopyButton text={text} label={label} />
      </span>
    </div>
  );
}

/** One command on one line, ready to copy. */
export function CommandLine({ command, label }: { command: string; label?: string }) {
  return (
    <div className="flex h-8 items-center rounded-m bg-code pr-1 pl-2.5">
      <span className="min-w-0 flex-1 truncate font-mono text-meta" title={command}>
        {command}
      </span>
      <CopyButton text={command} label={label ?? "Copy command"} />
    </div>
  );
}

/** An identifier inside text. */
export function Mono({ children, className }: { children: ReactNode; className?: string }) {
  return <span className={`font-mono text-code ${className ?? ""}`}>{children}</span>;
}
