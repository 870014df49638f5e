import { method, property } from "./member.ts";

const arithmetic = (name: string, doc: string) => method(name, doc, "(other: Series | number): DataFrame");

/** What of a DataFrame gives single values, columns or plain data. */
export const DATA_FRAME_VALUES = [
  property("columns", "The names of the columns.", "string[]"),
  property("dtypes", "The data types of the columns.", "DataType[]"),
  property("height", "The number of rows.", "number"),
  property("schema", "Names and data types of the columns.", "Record<string, DataType>"),
  property("shape", "The numbers of rows and columns.", "{ height: number; width: number }"),
  property("width", "The number of columns.", "number"),
  arithmetic("add", "Adds to every column."),
  arithmetic("plus", "The same as `add`."),
  arithmetic("sub", "Subtracts from every column."),
  arithmetic("minus", "The same as `sub`."),
  arithmetic("mul", "Multiplies every column."),
  arithmetic("multiplyBy", "The same as `mul`."),
  arithmetic("div", "Divides every column."),
  arithmetic("divideBy", "The same as `div`."),
  arithmetic("rem", "The remainder of every column."),
  arithmetic("modulo", "The same as `rem`."),
  method("findIdxByName", "The position of a column.", "(name: string): number"),
  method(
    "frameEqual",
    "Whether both have the same values.",
    "(other: DataFrame, nullEqual?: boolean): boolean",
  ),
  method("getColumn", "One column.", "(name: string): Series"),
  method("getColumnIndex", "The same as `findIdxByName`.", "(name: string): number"),
  method("getColumns", "All columns.", "(): Series[]"),
  method("isDuplicated", "For each row whether it is there more than once.", "(): Series"),
  method("isEmpty", "Whether there are no rows.", "(): boolean"),
  method("isUnique", "For each row whether it is there only once.", "(): Series"),
  method("item", "One value.", "(row?: number, column?: number | string): any"),
  method("nChunks", "In how many pieces of memory the rows lie.", "(): number"),
  method(
    "nUnique",
    "The number of different rows, or of different values of columns.",
    "(subset?: Columns): number",
  ),
  method("row", "The values of one row.", "(index: number): any[]"),
  method("rows", "The values of all rows.", "(): any[][]"),
  method("toObject", "The values by column.", "(): Record<string, any[]>"),
  method("toRecords", "The values as one object for each row.", "(): Record<string, any>[]"),
  method("toSeries", "One column by position.", "(index?: number): Series"),
  method("toStruct", "All columns as one column of structs.", "(name: string): Series"),
];
