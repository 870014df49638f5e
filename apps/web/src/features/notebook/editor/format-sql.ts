/**
 * The statement laid out anew. Text the formatter cannot read comes back as it was.
 * @returns null when it could not be formatted
 */
export async function formatSql(source: string): Promise<string | null> {
  const { format } = await import("sql-formatter");
  try {
    return format(source, { language: "duckdb", keywordCase: "upper", tabWidth: 2, linesBetweenQueries: 1 });
  } catch {
    return null;
  }
}
