import { contradicts, needsOrder, type DateOrder } from "./date.ts";
import { quote } from "./quote.ts";
import { FeedError, type Feed } from "./row.ts";

const dateFields = ["statusEffective", "hireDate", "rehireDate", "terminationDate", "lastDay", "leaveStart", "leaveReturn"] as const;

/**
 * `10/11/2026` is a day in October or in November; only the administrator knows.
 * @throws FeedError for such a date where the stack does not say which, or where the feed contradicts what it says
 */
export function refuseDates(feed: Feed, order: DateOrder | undefined): void {
  for (const field of dateFields.filter((each) => feed.fields.includes(each))) {
    const wrong = feed.rows.find((row) => (order === undefined ? needsOrder(row[field]) : contradicts(row[field], order)));
    if (!wrong) continue;
    const date = `The date ${quote(wrong[field])} in ${feed.unit} ${wrong.at} of ${feed.name}`;
    throw new FeedError(
      order === undefined
        ? `${date} does not say which part of dates comes first. ` +
            "Set it with `pulumi config set --path proofpoint:hr.dateOrder mdy` (or dmy). Nothing was changed."
        : `${date} is none with the ${order === "mdy" ? "month" : "day"} first, as proofpoint:hr.dateOrder says, and is one the other way round. ` +
            "So all dates of the feed may be wrong. Correct the setting, or the line. Nothing was changed.",
    );
  }
}
