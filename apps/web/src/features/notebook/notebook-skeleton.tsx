import { Skeleton, SkeletonRows } from "../../ui/skeleton.tsx";

/** The notebook's outline while its text is on the way; in the places where the text will be. */
export function NotebookSkeleton() {
  return (
    <div className="flex h-full" role="status" aria-label="The notebook is loading">
      <div className="w-[244px] flex-none border-r border-line bg-well p-3 max-md:hidden">
        <SkeletonRows rows={6} height="h-6" label="Tables are loading" />
      </div>
      <div className="min-w-0 flex-1">
        <div className="h-10 border-b border-hair" />
        <div className="mx-auto max-w-[1120px] px-5 pt-4">
          <Skeleton className="h-5 w-64" />
          <div className="mt-6 h-24 rounded-m bg-code" />
          <div className="mt-2 h-64 rounded-m border border-hair" />
        </div>
      </div>
    </div>
  );
}
