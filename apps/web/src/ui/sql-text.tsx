import { Fragment } from "react";
import { tokensOf } from "./sql-tokens.ts";

const CLASS = {
  keyword: "font-medium text-syn-kw",
  string: "text-syn-str",
  number: "text-syn-num",
  comment: "text-syn-com italic",
  plain: undefined,
} as const;

/** SQL in the colours of the editor, without the editor. */
export function SqlText({ sql }: { sql: string }) {
  return (
    <>
      {tokensOf(sql).map(({ kind, text, at }) =>
        kind === "plain" ? (
          <Fragment key={at}>{text}</Fragment>
        ) : (
          <span key={at} className={CLASS[kind]}>
            {text}
          </span>
        ),
      )}
    </>
  );
}
