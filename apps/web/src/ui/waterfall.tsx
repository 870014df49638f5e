"use client";

import { cx } from "./class-names.ts";
import { formatDuration, formatNumber } from "./format.ts";
import { Icon } from "./icon.tsx";
import { STATES, type State } from "./state-badge.tsx";
import { type Axis, detailSide, layOut, positionOf, ticksOf } from "./waterfall-layout.ts";

export type WaterfallStep = {
  name: string;
  label: string;
  state: State;
  /** ms after the origin; absent when it has not begun or was skipped. */
  start?: number;
  duration?: number;
  detail?: string;
  /** It does not keep anyone from reading the version: its bar is outlined. */
  late?: boolean;
};

const COLUMNS =
  "grid grid-cols-[16px_84px_minmax(0,1fr)_56px] items-center gap-2 md:grid-cols-[16px_92px_minmax(0,1fr)_52px_60px]";

/**
 * Steps on one time axis, idle gaps folded. The dashed line is the moment the new version can be read; bars of what
 * comes after are outlined. Each row is a button that chooses the step.
 */
export function Waterfall(props: {
  steps: WaterfallStep[];
  selected?: string;
  onSelect: (name: string) => void;
  /** ms after the origin, and what is said there. */
  readable?: { at: number; label: string };
}) {
  const axis = layOut(
    props.steps.flatMap(({ start, duration }) =>
      start === undefined ? [] : [{ start, duration: duration ?? 0 }],
    ),
    props.readable?.at,
  );
  const foldBefore = new Map(
    axis.segments.filter((segment) => segment.folded).map((fold) => [fold.to, fold]),
  );
  return (
    <div>
      <Head axis={axis} />
      <div className="relative">
        {props.readable ? (
          <ReadableLine left={positionOf(axis, props.readable.at)} label={props.readable.label} />
        ) : null}
        {props.steps.map((step) => {
          const fold = step.start === undefined ? undefined : foldBefore.get(step.start);
          return (
            <div key={step.name}>
              {fold ? <Fold axis={axis} from={fold.from} to={fold.to} /> : null}
              <Row
                step={step}
                axis={axis}
                on={step.name === props.selected}
                late={step.late ?? false}
                readable={props.readable ? positionOf(axis, props.readable.at) : undefined}
                onSelect={props.onSelect}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

type LaneProps = {
  step: WaterfallStep;
  axis: Axis;
  on: boolean;
  late: boolean;
  /** Where on the axis the dashed line stands. */
  readable: number | undefined;
};

function Head({ axis }: { axis: Axis }) {
  return (
    <div className={cx(COLUMNS, "h-5 px-1 text-micro text-ink-3 md:px-2")} aria-hidden="true">
      <span />
      <span />
      <span className="relative h-full">
        {ticksOf(axis).map((ms) => (
          <span
            key={ms}
            className="absolute top-0.5 whitespace-nowrap"
            style={{ left: `${positionOf(axis, ms) * 100}%` }}
          >
            {formatNumber(ms)}
          </span>
        ))}
      </span>
      <span className="text-right max-md:hidden">start</span>
      <span className="text-right">took</span>
    </div>
  );
}

function Row({ onSelect, ...lane }: LaneProps & { onSelect: (name: string) => void }) {
  const { step, axis, on, late, readable } = lane;
  const { icon, tone, word } = STATES[step.state];
  const began = step.start !== undefined;
  const text = { ok: "text-ok", run: "text-run", stale: "text-stale", fail: "text-fail", idle: "text-idle" }[
    tone
  ];
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={() => onSelect(step.name)}
      className={cx(
        COLUMNS,
        "group h-7 w-full rounded-s px-1 text-left md:px-2",
        on ? "bg-leaf-soft" : "hover:bg-hover",
      )}
    >
      <span className={text}>
        <Icon name={icon} size="s" className={icon === "ring" ? "spin-slow" : undefined} />
        <span className="sr-only">{word}</span>
      </span>
      <span className={cx("truncate", !began && "text-ink-3")}>{step.label}</span>
      <Lane step={step} axis={axis} on={on} late={late} readable={readable} />
      <span className="text-right text-ink-2 max-md:hidden">
        {began ? `+${formatNumber(step.start ?? 0)}` : ""}
      </span>
      <span className={cx("text-right whitespace-nowrap", began ? "font-medium" : "text-ink-3")}>
        {step.duration === undefined ? word : formatDuration(step.duration)}
      </span>
    </button>
  );
}

function Lane({ step, axis, on, late, readable }: LaneProps) {
  if (step.start === undefined) {
    return <span className="truncate text-meta text-ink-3">{step.detail}</span>;
  }
  const left = positionOf(axis, step.start);
  const right = positionOf(axis, step.start + (step.duration ?? 0));
  const ground =
    step.state === "failed"
      ? "bg-fail"
      : step.state === "cancelled"
        ? "bg-control"
        : step.name === "queued"
          ? "bg-data-mute"
          : on
            ? "bg-leaf"
            : "bg-data";
  const side = detailSide({ left, right, length: step.detail?.length ?? 0, readable });
  const besideRight = side === "right";
  return (
    <span className="relative block h-full">
      <span
        className={cx(
          "absolute top-2 h-3 min-w-0.75 rounded-[1px]",
          late ? "border border-data bg-transparent" : ground,
        )}
        style={{ left: `${left * 100}%`, width: `${Math.max(0, right - left) * 100}%` }}
      />
      {step.detail ? (
        <span
          className={cx(
            "absolute top-1 truncate text-meta leading-5 text-ink-3 max-md:hidden",
            on ? "bg-leaf-soft" : "bg-paper group-hover:bg-hover",
          )}
          style={
            besideRight
              ? { left: `calc(${right * 100}% + 6px)`, maxWidth: `calc(${(1 - right) * 100}% - 6px)` }
              : { right: `calc(${(1 - left) * 100}% + 6px)`, maxWidth: `calc(${left * 100}% - 6px)` }
          }
        >
          {step.detail}
        </span>
      ) : null}
    </span>
  );
}

function Fold({ axis, from, to }: { axis: Axis; from: number; to: number }) {
  const left = positionOf(axis, from);
  const width = positionOf(axis, to) - left;
  return (
    <div className={cx(COLUMNS, "h-5 px-1 text-meta text-ink-3 md:px-2")}>
      <span />
      <span className="whitespace-nowrap">idle {formatDuration(to - from)}</span>
      <span className="relative h-full">
        <span
          className="absolute top-2.25 h-0.75 border-y border-dotted border-control"
          style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
        />
      </span>
    </div>
  );
}

function ReadableLine({ left, label }: { left: number; label: string }) {
  return (
    <div className={cx(COLUMNS, "pointer-events-none absolute inset-x-0 top-0 -bottom-5 px-1 md:px-2")}>
      <span />
      <span />
      <span className="relative h-full">
        <span
          className="absolute top-0 bottom-5 border-l border-dashed border-leaf"
          style={{ left: `${left * 100}%` }}
        />
        <span
          className="absolute bottom-0 text-micro font-medium whitespace-nowrap text-leaf-ink"
          style={left > 0.3 ? { right: `${(1 - left) * 100}%` } : { left: `${left * 100}%` }}
        >
          {label}
        </span>
      </span>
    </div>
  );
}
