/**
 * The fields of a row, each with its standard column name first and then the names real exports give it (ADP's
 * headers, warehouse tables filled from them, common HR systems). One table for every source.
 */
export const rowColumns = {
  personKey: ["person_key", "associate id", "associate oid", "employee id", "employee number", "worker id", "person id"],
  email: ["email", "work contact: work email", "work email", "work email address", "email address", "e mail"],
  status: ["status", "position status", "employment status", "employee status", "worker status", "status code"],
  statusLabel: ["status_label", "status description", "position status description"],
  statusEffective: ["status_effective", "status effective date"],
  hireDate: ["hire_date", "original hire date", "start date"],
  rehireDate: ["rehire_date", "hire date/rehire date", "most recent hire date"],
  terminationDate: ["termination_date", "end date"],
  lastDay: ["last_day", "last day worked", "last worked date", "last working day"],
  leaveType: ["leave_type", "leave of absence type", "leave reason"],
  leaveStart: ["leave_start", "leave of absence start date", "leave start date"],
  leaveReturn: ["leave_return", "leave of absence return date", "leave return date"],
  companyCode: ["company_code", "payroll company code"],
  workerCategoryCode: ["worker_category_code"],
  locationCode: ["location_code", "home work location code"],
  primary: ["primary", "primary position", "primary assignment"],
} as const satisfies Record<string, readonly [standard: string, ...aliases: string[]]>;
export type RowField = keyof typeof rowColumns;
export const rowFields = Object.keys(rowColumns) as RowField[];

/** What every feed has, unless the stack says that its feed has none: the columns of the plain query. */
const expected: readonly RowField[] = ["status", "email", "companyCode", "workerCategoryCode", "locationCode"];
/** Whose mailbox and which status are no matter of preference: two columns that could be it are refused. */
const mustBeSole: readonly RowField[] = ["email", "status", "personKey"];

/** Names the stack gives (`proofpoint:hr.columns`); the empty text says that the feed has no such column. */
export type ColumnNames = Readonly<Partial<Record<RowField, string>>>;

/** Where each field stands in a record. */
export type ColumnMap = ReadonlyMap<RowField, number>;

/** Two spellings of one header: no case, `_` and `-` as blanks, and without ADP's trailing "(Employment Profile)". */
function foldHeader(name: string): string {
  return name
    .replace(/\s*\([^()]*\)\s*$/, "")
    .replace(/[\s_-]+/g, " ")
    .trim()
    .toLowerCase();
}

/** Whether a line is a header at all: it names at least the address or the status. */
export function isHeader(cells: readonly string[], names: ColumnNames): boolean {
  const folded = new Set(cells.map(foldHeader));
  return (["email", "status"] as const).some((field) => candidates(field, names).some((name) => folded.has(foldHeader(name))));
}

/** Finds every field's column. @returns the columns, or what is wrong with the header, in sentences */
export function locateColumns(
  header: readonly string[],
  names: ColumnNames,
): { readonly columns: ColumnMap } | { readonly problems: readonly string[] } {
  const folded = header.map(foldHeader);
  const columns = new Map<RowField, number>();
  const problems: string[] = [];
  for (const field of rowFields) {
    const wanted = candidates(field, names).map(foldHeader);
    const found = [...new Set(wanted)].filter((name) => folded.includes(name));
    const [first] = found;
    if (first === undefined) {
      if (names[field] || (expected.includes(field) && names[field] !== "")) problems.push(missing(field, names));
      continue;
    }
    if (folded.indexOf(first) !== folded.lastIndexOf(first)) problems.push(`the column ${first} stands there twice`);
    else if (found.length > 1 && mustBeSole.includes(field))
      problems.push(`${found.join(" and ")} could both be its ${field}: name one in proofpoint:hr.columns.${field}`);
    else columns.set(field, folded.indexOf(first));
  }
  for (const [field, index] of columns) {
    const other = [...columns].find(([each, at]) => at === index && each !== field)?.[0];
    if (other !== undefined && rowFields.indexOf(field) < rowFields.indexOf(other))
      problems.push(`the column ${header[index]} is named for both ${field} and ${other}`);
  }
  return problems.length > 0 ? { problems } : { columns };
}

function candidates(field: RowField, names: ColumnNames): readonly string[] {
  const name = names[field];
  return name === undefined ? rowColumns[field] : name === "" ? [] : [name];
}

function missing(field: RowField, names: ColumnNames): string {
  const name = names[field];
  return name
    ? `it has no column ${name} (proofpoint:hr.columns.${field})`
    : `it has no column ${rowColumns[field][0]} (name it in proofpoint:hr.columns.${field}${field === "email" || field === "status" ? "" : ', or set that to "" where the feed has none'})`;
}
