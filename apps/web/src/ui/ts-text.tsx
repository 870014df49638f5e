import { Fragment } from "react";
import { type TsLineState, type TsTokenKind, tokenizeTsLine } from "./ts-tokens.ts";

const CLASS: Partial<Record<TsTokenKind, string>> = {
  keyword: "font-medium text-syn-kw",
  function: "text-syn-fn",
  string: "text-syn-str",
  number: "text-syn-num",
  comment: "text-syn-com italic",
};

/** TypeScript in the colours of the editor, without the editor. */
export function TsText({ code }: { code: string }) {
  let state: TsLineState = "nothing";
  return (
    <>
      {code.split("\n").map((line, number) => {
        const read = tokenizeTsLine(line, state);
        state = read.state;
        return (
          <Fragment key={`line-${number}`}>
            {number > 0 ? "\n" : null}
            {read.tokens.map(({ kind, from, to }) => (
              <span key={from} className={CLASS[kind]}>
                {line.slice(from, to)}
              </span>
            ))}
          </Fragment>
        );
      })}
    </>
  );
}
