const DELIMITERS = [",", ";", "\t", "|"];

/** The first record of a CSV text: its delimiter is the candidate that stands most often outside quotes. */
export function csvHeader(
  text: string,
  options: { delimiter?: string; quote?: string },
): { delimiter: string; fields: string[] } {
  const quote = options.quote ?? '"';
  const record = firstRecord(text.replace(/^\ufeff/, ""), quote);
  const delimiter = options.delimiter ?? mostFrequent(record, quote);
  return { delimiter, fields: splitRecord(record, delimiter, quote) };
}

function firstRecord(text: string, quote: string): string {
  let inside = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (quote !== "" && char === quote) inside = !inside;
    if (!inside && (char === "\n" || char === "\r")) return text.slice(0, index);
  }
  return text;
}

function mostFrequent(record: string, quote: string): string {
  let best = ",";
  let most = 0;
  for (const candidate of DELIMITERS) {
    const count = splitRecord(record, candidate, quote).length - 1;
    if (count > most) {
      best = candidate;
      most = count;
    }
  }
  return best;
}

function splitRecord(record: string, delimiter: string, quote: string): string[] {
  const fields: string[] = [];
  let field = "";
  let inside = false;
  for (const char of record) {
    if (quote !== "" && char === quote) inside = !inside;
    else if (char === delimiter && !inside) {
      fields.push(field);
      field = "";
    } else field += char;
  }
  fields.push(field);
  return fields;
}
