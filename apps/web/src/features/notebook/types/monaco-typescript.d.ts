/** What this page uses of the TypeScript that Monaco brings along; it ships without declarations. */
declare module "monaco-editor/languages/features/typescript/lib/typescriptServices" {
  type Span = { start: number; length: number };
  type DisplayParts = readonly { text: string }[];
  type MessageText = string | { messageText: string };
  type Diagnostic = {
    category: number;
    start: number | undefined;
    length: number | undefined;
    messageText: MessageText;
  };
  type Described = { displayParts?: DisplayParts; documentation?: DisplayParts };
  type SignatureItem = Described & {
    prefixDisplayParts: DisplayParts;
    separatorDisplayParts: DisplayParts;
    suffixDisplayParts: DisplayParts;
    parameters: readonly { displayParts: DisplayParts }[];
  };

  export interface LanguageService {
    getSyntacticDiagnostics(file: string): Diagnostic[];
    getSemanticDiagnostics(file: string): Diagnostic[];
    getCompletionsAtPosition(
      file: string,
      position: number,
      preferences: undefined,
    ): { entries: { name: string; kind: string; sortText: string }[] } | undefined;
    getCompletionEntryDetails(
      file: string,
      position: number,
      name: string,
      format: undefined,
      source: undefined,
      preferences: undefined,
      data: undefined,
    ): Described | undefined;
    getQuickInfoAtPosition(file: string, position: number): (Described & { textSpan: Span }) | undefined;
    getSignatureHelpItems(
      file: string,
      position: number,
      options: undefined,
    ): { items: SignatureItem[]; selectedItemIndex: number; argumentIndex: number } | undefined;
  }

  export function createLanguageService(host: {
    getCompilationSettings(): Record<string, unknown>;
    getScriptFileNames(): string[];
    getScriptVersion(file: string): string;
    getScriptSnapshot(file: string):
      | {
          getText(start: number, end: number): string;
          getLength(): number;
          getChangeRange(): undefined;
        }
      | undefined;
    getCurrentDirectory(): string;
    getDefaultLibFileName(): string;
    fileExists(file: string): boolean;
    readFile(file: string): string | undefined;
  }): LanguageService;
  export function displayPartsToString(parts: DisplayParts | undefined): string;
  export function flattenDiagnosticMessageText(text: MessageText, newLine: string): string;
}

declare module "monaco-editor/languages/features/typescript/lib/lib" {
  /** TypeScript's own declarations, by file name. */
  export const libFileMap: Readonly<Record<string, string>>;
}
