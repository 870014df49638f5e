import { libFileMap } from "monaco-editor/languages/features/typescript/lib/lib";
import {
  createLanguageService,
  displayPartsToString,
  flattenDiagnosticMessageText,
} from "monaco-editor/languages/features/typescript/lib/typescriptServices";
import type { Described, Signatures, TypeCompletion, TypeMark, TypeService } from "./protocol.ts";
import { wrapCode } from "./wrapped-code.ts";

const CODE = "cell.ts";
const TYPES = "polars.d.ts";
const OPTIONS = { target: 99, module: 99, strict: true, noEmit: true, types: [] };
/** TypeScript's numbers for the kinds of a diagnostic. */
const WARNING = 0;
const ERROR = 1;

/**
 * TypeScript over one text at a time. All offsets are in the user's text, before and after: what is put before it for the
 * checker is taken off here and nowhere else.
 */
export function createTypeService(): TypeService {
  const files = new Map([CODE, TYPES].map((name) => [name, { text: "", version: 0 }]));
  const put = (name: string, text: string) => {
    const before = files.get(name);
    if (before?.text !== text) files.set(name, { text, version: (before?.version ?? 0) + 1 });
  };
  const textOf = (name: string): string | undefined => files.get(name)?.text ?? libFileMap[name];
  const service = createLanguageService({
    getCompilationSettings: () => OPTIONS,
    getScriptFileNames: () => [CODE, TYPES],
    getScriptVersion: (name) => String(files.get(name)?.version ?? 1),
    getScriptSnapshot(name) {
      const text = textOf(name);
      if (text === undefined) return undefined;
      return {
        getText: (start, end) => text.slice(start, end),
        getLength: () => text.length,
        getChangeRange: () => undefined,
      };
    },
    getCurrentDirectory: () => "",
    getDefaultLibFileName: () => "lib.es2023.d.ts",
    fileExists: (name) => textOf(name) !== undefined,
    readFile: textOf,
  });
  /** Makes the text the checked one and says how far its offsets are moved. */
  const open = (code: string): number => {
    const { text, lead } = wrapCode(code);
    put(CODE, text);
    return lead;
  };

  return {
    setTypes: async (text) => put(TYPES, text),
    async check(code) {
      const lead = open(code);
      const found = [...service.getSyntacticDiagnostics(CODE), ...service.getSemanticDiagnostics(CODE)];
      return found.flatMap(({ category, start = 0, length = 1, messageText }): TypeMark[] => {
        if (category !== WARNING && category !== ERROR) return [];
        const severity = category === ERROR ? "error" : "warning";
        const message = flattenDiagnosticMessageText(messageText, "\n");
        return [{ ...spanWithin(code, start - lead, length), severity, message }];
      });
    },
    async complete(code, offset) {
      const lead = open(code);
      const found = service.getCompletionsAtPosition(CODE, offset + lead, undefined);
      return (found?.entries ?? []).map(
        ({ name, kind, sortText }): TypeCompletion => ({ name, kind, sortText }),
      );
    },
    async describe(code, offset, name) {
      const lead = open(code);
      const none = undefined;
      return described(service.getCompletionEntryDetails(CODE, offset + lead, name, none, none, none, none));
    },
    async hover(code, offset) {
      const lead = open(code);
      const found = service.getQuickInfoAtPosition(CODE, offset + lead);
      const text = described(found);
      if (!found || !text) return null;
      const from = found.textSpan.start - lead;
      return from < 0 ? null : { ...text, from, to: from + found.textSpan.length };
    },
    async signatures(code, offset) {
      const lead = open(code);
      const found = service.getSignatureHelpItems(CODE, offset + lead, undefined);
      if (!found) return null;
      const items = found.items.map((item) => {
        const parameters = item.parameters.map(({ displayParts }) => displayPartsToString(displayParts));
        const separator = displayPartsToString(item.separatorDisplayParts);
        const [start, end] = [item.prefixDisplayParts, item.suffixDisplayParts].map(displayPartsToString);
        return {
          label: `${start}${parameters.join(separator)}${end}`,
          doc: displayPartsToString(item.documentation),
          parameters,
        };
      });
      return { items, active: found.selectedItemIndex, argument: found.argumentIndex } satisfies Signatures;
    },
  };
}

type Parts = Parameters<typeof displayPartsToString>[0];

function described(found: { displayParts?: Parts; documentation?: Parts } | undefined): Described | null {
  if (!found) return null;
  return {
    signature: displayPartsToString(found.displayParts),
    doc: displayPartsToString(found.documentation),
  };
}

/** A fault in what stands before the text is one of the text as a whole: it is shown at its first word. */
function spanWithin(code: string, from: number, length: number): { from: number; to: number } {
  if (from >= 0) return { from, to: from + Math.max(1, length) };
  const first = Math.max(0, code.search(/\S/));
  return { from: first, to: first + 1 };
}
