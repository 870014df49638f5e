"use client";

import { useQuery } from "@tanstack/react-query";
import { modelsQuery } from "../../clients/queries.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";

/** A notebook without a model reads nothing: which one should it be? */
export function ModelChoice({ onChoose }: { onChoose: (name: string) => void }) {
  const models = useQuery(modelsQuery()).data?.items ?? [];
  return (
    <div className="px-3 pb-2">
      <p className="mb-1 text-meta text-ink-3">Choose the model that the cells read:</p>
      <ul>
        {models.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => onChoose(name)}
              className="flex h-7 w-full items-center gap-1.5 rounded-s px-1.5 text-left font-medium hover:bg-hover"
            >
              <Icon name="database" size="s" className="text-ink-3" />
              {name}
            </button>
          </li>
        ))}
      </ul>
      {models.length === 0 ? (
        <ButtonLink size="s" icon="plus" href="/models?new=1">
          New model
        </ButtonLink>
      ) : null}
    </div>
  );
}
