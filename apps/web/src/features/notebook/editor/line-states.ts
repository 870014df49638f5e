import type { languages } from "monaco-editor/editor/editor.api";

/** A tokenizer that reads a line at a time, in the shape Monaco asks for. */
export function lineStates<State>(
  start: State,
  read: (line: string, state: State) => { tokens: readonly { kind: string; from: number }[]; state: State },
): languages.TokensProvider {
  return {
    getInitialState: () => new LineState(start),
    tokenize(line, before) {
      const { tokens, state } = read(line, before instanceof LineState ? before.state : start);
      return {
        tokens: tokens.map(({ kind, from }) => ({ startIndex: from, scopes: kind })),
        endState: new LineState(state),
      };
    },
  };
}

/** Monaco compares and copies states by method. */
class LineState<State> implements languages.IState {
  readonly state: State;
  constructor(state: State) {
    this.state = state;
  }
  clone(): LineState<State> {
    return this;
  }
  equals(other: languages.IState): boolean {
    return other instanceof LineState && JSON.stringify(other.state) === JSON.stringify(this.state);
  }
}
