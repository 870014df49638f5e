import { NewNotebookPage } from "../../../features/notebook/index.ts";

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: Search }) {
  const search = await searchParams;
  const text = (name: string) => {
    const value = search[name];
    return typeof value === "string" && value !== "" ? value : null;
  };
  return (
    <NewNotebookPage
      model={text("model")}
      target={text("target")}
      title={text("title")}
      table={text("table")}
      version={text("version")}
    />
  );
}
