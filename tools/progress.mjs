/** Progress on a terminal: one line per step, with its time; calm when the output is a file. */

const FRAMES = ["◐", "◓", "◑", "◒"];

/** A log that is no terminal hears of a step when it is done, or when it takes longer than this. */
const SILENCE_MS = 3_000;

function painter(stream) {
  const colored = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  return (code, text) => (colored ? `\u001b[${code}m${text}\u001b[0m` : text);
}

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

export function failure(text, stream = process.stderr) {
  const [first = "", ...rest] = text.split("\n");
  stream.write(`\n${painter(stream)(31, "✗")} ${painter(stream)(1, first)}\n`);
  for (const line of rest) stream.write(`  ${line}\n`);
}

export function terminalProgress(stream = process.stdout) {
  const paint = painter(stream);
  const live = stream.isTTY === true && process.env.TERM !== "dumb";
  const running = new Map();
  let timer;
  let drawn = 0;

  const erase = () => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    if (!live) return;
    erase();
    const frame = FRAMES[Math.floor(performance.now() / 120) % FRAMES.length];
    for (const [label, state] of running) {
      const text = `${frame} ${label} ${seconds(performance.now() - state.began)} ${state.detail}`;
      // A wrapped line would not be erased whole.
      stream.write(`${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}\n`);
    }
    drawn = running.size;
  };
  const line = (text) => {
    if (live) erase();
    stream.write(`${text}\n`);
    draw();
  };
  const setRunning = (label, state) => {
    if (state) running.set(label, state);
    else running.delete(label);
    if (live && running.size > 0 && timer === undefined) timer = setInterval(draw, 120).unref();
    if (running.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  return {
    async step(label, work) {
      const state = { began: performance.now(), detail: "" };
      setRunning(label, state);
      draw();
      const patience = live ? undefined : setTimeout(() => line(`… ${label}`), SILENCE_MS);
      try {
        const result = await work((text) => {
          state.detail = text;
        });
        setRunning(label, undefined);
        line(`${paint(32, "✓")} ${label} ${paint(2, seconds(performance.now() - state.began))}`);
        return result;
      } catch (error) {
        setRunning(label, undefined);
        line(`${paint(31, "✗")} ${label} ${paint(2, seconds(performance.now() - state.began))}`);
        throw error;
      } finally {
        clearTimeout(patience);
      }
    },
    note: (text) => line(`${paint(2, "·")} ${text}`),
    warn: (text) => line(`${paint(33, "!")} ${text}`),
  };
}
