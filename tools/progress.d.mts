/** One finished or running line on the terminal. */
export interface Progress {
  /** Runs `work` and says how long it took; `detail` changes the text behind a running step on a terminal. */
  step<T>(label: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
  /** A line of information. */
  note(text: string): void;
  /** Something went wrong but the work goes on. */
  warn(text: string): void;
}

export function terminalProgress(stream?: NodeJS.WriteStream): Progress;
/** Prints why the command cannot go on: the first line stands out, the rest says what to do. */
export function failure(text: string, stream?: NodeJS.WriteStream): void;
export function seconds(milliseconds: number): string;
