/** What completion offers until the engine has named its functions, or when it may not. */
export const COMMON_FUNCTIONS: readonly string[] = (
  "abs any_value approx_count_distinct approx_quantile arg_max arg_min array_agg avg bool_and bool_or ceil coalesce " +
  "concat concat_ws contains corr count cume_dist date_diff date_part date_trunc day dayname dense_rank ends_with exp " +
  "first first_value floor format generate_series greatest hour ifnull lag last last_value lead least left length list " +
  "list_contains list_distinct list_sort ln log lower lpad ltrim max mean median min minute mode month monthname ntile " +
  "nullif percent_rank power printf quantile_cont quantile_disc random range rank regexp_extract regexp_matches " +
  "regexp_replace replace reverse right round row_number rpad rtrim second split_part sqrt starts_with stddev strftime " +
  "string_agg string_split strptime substring sum trim trunc unnest upper variance week weekday year"
).split(" ");
