import { NotebookPage } from "../../../features/notebook/index.ts";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <NotebookPage id={id} />;
}
