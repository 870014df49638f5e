import { REVENUE, type TpchQuery } from "./query.ts";

export const SUPPLIER_QUERIES: readonly TpchQuery[] = [
  {
    number: 2,
    sql: `SELECT s_acctbal, s_name, n_name, p_partkey, p_mfgr, s_address, s_phone, s_comment
      FROM part, supplier, partsupp, nation, region
      WHERE p_partkey = ps_partkey AND s_suppkey = ps_suppkey AND p_size = 15 AND p_type LIKE '%BRASS'
        AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND r_name = 'EUROPE'
        AND ps_supplycost = (
          SELECT min(ps_supplycost) FROM partsupp, supplier, nation, region
          WHERE p_partkey = ps_partkey AND s_suppkey = ps_suppkey AND s_nationkey = n_nationkey
            AND n_regionkey = r_regionkey AND r_name = 'EUROPE')
      ORDER BY s_acctbal DESC, n_name, s_name, p_partkey LIMIT 100`,
    polars: `({ pl, tables: { region, nation, supplier, partsupp, part } }) => {
      const { col, lit } = pl;
      return region
        .filter(col("r_name").eq(lit("EUROPE")))
        .join(nation, { leftOn: "r_regionkey", rightOn: "n_regionkey" })
        .join(supplier, { leftOn: "n_nationkey", rightOn: "s_nationkey" })
        .join(partsupp, { leftOn: "s_suppkey", rightOn: "ps_suppkey" })
        .join(part, { leftOn: "ps_partkey", rightOn: "p_partkey" })
        .filter(col("p_size").eq(15).and(col("p_type").str.endsWith("BRASS")))
        .filter(col("ps_supplycost").eq(col("ps_supplycost").min().over("ps_partkey")))
        .rename({ ps_partkey: "p_partkey" })
        .select("s_acctbal", "s_name", "n_name", "p_partkey", "p_mfgr", "s_address", "s_phone", "s_comment")
        .sort(["s_acctbal", "n_name", "s_name", "p_partkey"], [true, false, false, false])
        .limit(100);
    }`,
  },
  {
    number: 15,
    sql: `WITH revenue AS (
        SELECT l_suppkey, sum(l_extendedprice * (1 - l_discount)) AS total_revenue FROM lineitem
        WHERE l_shipdate >= DATE '1996-01-01' AND l_shipdate < DATE '1996-04-01' GROUP BY l_suppkey)
      SELECT s_suppkey, s_name, s_address, s_phone, total_revenue FROM supplier, revenue
      WHERE s_suppkey = l_suppkey AND total_revenue = (SELECT max(total_revenue) FROM revenue) ORDER BY s_suppkey`,
    polars: `({ pl, tables }) => {
      const { col } = pl;
      const revenue = tables.lineitem
        .filter(col("l_shipdate").gtEq(new Date("1996-01-01")).and(col("l_shipdate").lt(new Date("1996-04-01"))))
        .groupBy("l_suppkey")
        .agg(${REVENUE}.sum().alias("total_revenue"));
      const best = revenue.select(col("total_revenue").max().alias("best"));
      return tables.supplier
        .join(revenue, { leftOn: "s_suppkey", rightOn: "l_suppkey" })
        .join(best, { how: "cross" })
        .filter(col("total_revenue").eq("best"))
        .select(pl.cols("s_suppkey", "s_name", "s_address", "s_phone", "total_revenue"))
        .sort("s_suppkey");
    }`,
  },
  {
    number: 20,
    sql: `SELECT s_name, s_address FROM supplier, nation
      WHERE s_nationkey = n_nationkey AND n_name = 'CANADA' AND s_suppkey IN (
        SELECT ps_suppkey FROM partsupp
        WHERE ps_partkey IN (SELECT p_partkey FROM part WHERE p_name LIKE 'forest%')
          AND ps_availqty > (
            SELECT 0.5 * sum(l_quantity) FROM lineitem
            WHERE l_partkey = ps_partkey AND l_suppkey = ps_suppkey
              AND l_shipdate >= DATE '1994-01-01' AND l_shipdate < DATE '1995-01-01'))
      ORDER BY s_name`,
    polars: `async ({ pl, tables }) => {
      const { col, lit } = pl;
      const sold = tables.lineitem
        .filter(col("l_shipdate").dt.year().eq(1994))
        .groupBy(["l_partkey", "l_suppkey"])
        .agg(col("l_quantity").sum().mul(0.5).alias("half"));
      const ample = await tables.partsupp
        .join(tables.part.filter(col("p_name").str.contains("^forest")), {
          leftOn: "ps_partkey",
          rightOn: "p_partkey",
          how: "semi",
        })
        .join(sold, { leftOn: ["ps_partkey", "ps_suppkey"], rightOn: ["l_partkey", "l_suppkey"] })
        .filter(col("ps_availqty").gt("half"))
        .select(col("ps_suppkey").unique())
        .collect();
      return tables.supplier
        .filter(col("s_suppkey").isIn(ample.getColumn("ps_suppkey").toArray()))
        .join(tables.nation.filter(col("n_name").eq(lit("CANADA"))), { leftOn: "s_nationkey", rightOn: "n_nationkey" })
        .select("s_name", "s_address")
        .sort("s_name");
    }`,
  },
  {
    number: 21,
    sql: `SELECT s_name, count(*) AS numwait FROM supplier, lineitem l1, orders, nation
      WHERE s_suppkey = l1.l_suppkey AND o_orderkey = l1.l_orderkey AND o_orderstatus = 'F'
        AND l1.l_receiptdate > l1.l_commitdate AND s_nationkey = n_nationkey AND n_name = 'SAUDI ARABIA'
        AND EXISTS (FROM lineitem l2 WHERE l2.l_orderkey = l1.l_orderkey AND l2.l_suppkey <> l1.l_suppkey)
        AND NOT EXISTS (
          FROM lineitem l3
          WHERE l3.l_orderkey = l1.l_orderkey AND l3.l_suppkey <> l1.l_suppkey AND l3.l_receiptdate > l3.l_commitdate)
      GROUP BY s_name ORDER BY numwait DESC, s_name LIMIT 100`,
    polars: `({ pl, tables }) => {
      const { col, lit } = pl;
      const late = col("l_receiptdate").gt(col("l_commitdate"));
      return tables.lineitem
        .withColumns(
          col("l_suppkey").nUnique().over("l_orderkey").alias("suppliers"),
          col("l_suppkey").filter(late).nUnique().over("l_orderkey").alias("late_suppliers"),
        )
        .filter(late.and(col("suppliers").gt(1)).and(col("late_suppliers").eq(1)))
        .join(tables.orders.filter(col("o_orderstatus").eq(lit("F"))), {
          leftOn: "l_orderkey",
          rightOn: "o_orderkey",
          how: "semi",
        })
        .join(tables.supplier, { leftOn: "l_suppkey", rightOn: "s_suppkey" })
        .join(tables.nation, { leftOn: "s_nationkey", rightOn: "n_nationkey" })
        .filter(col("n_name").eq(lit("SAUDI ARABIA")))
        .groupBy("s_name")
        .agg(pl.len().alias("numwait"))
        .sort(["numwait", "s_name"], [true, false])
        .limit(100);
    }`,
  },
];
