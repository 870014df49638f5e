import type { TpchQuery } from "./query.ts";

export const ORDER_QUERIES: readonly TpchQuery[] = [
  {
    number: 4,
    sql: `SELECT o_orderpriority, count(*) AS order_count FROM orders
      WHERE o_orderdate >= DATE '1993-07-01' AND o_orderdate < DATE '1993-10-01'
        AND EXISTS (FROM lineitem WHERE l_orderkey = o_orderkey AND l_commitdate < l_receiptdate)
      GROUP BY o_orderpriority ORDER BY o_orderpriority`,
    polars: `({ pl, tables }) => {
      const { col } = pl;
      const late = tables.lineitem.filter(col("l_commitdate").lt(col("l_receiptdate")));
      return tables.orders
        .filter(col("o_orderdate").gtEq(new Date("1993-07-01")).and(col("o_orderdate").lt(new Date("1993-10-01"))))
        .join(late, { leftOn: "o_orderkey", rightOn: "l_orderkey", how: "semi" })
        .groupBy("o_orderpriority")
        .len("order_count")
        .sort("o_orderpriority");
    }`,
  },
  {
    number: 12,
    sql: `SELECT l_shipmode, sum(CASE WHEN o_orderpriority IN ('1-URGENT', '2-HIGH') THEN 1 ELSE 0 END) AS high_line_count,
        sum(CASE WHEN o_orderpriority NOT IN ('1-URGENT', '2-HIGH') THEN 1 ELSE 0 END) AS low_line_count
      FROM orders, lineitem
      WHERE o_orderkey = l_orderkey AND l_shipmode IN ('MAIL', 'SHIP') AND l_commitdate < l_receiptdate
        AND l_shipdate < l_commitdate AND l_receiptdate >= DATE '1994-01-01' AND l_receiptdate < DATE '1995-01-01'
      GROUP BY l_shipmode ORDER BY l_shipmode`,
    polars: `({ pl, tables }) => {
      const { col } = pl;
      const urgent = col("o_orderpriority").isIn(["1-URGENT", "2-HIGH"]);
      return tables.orders
        .join(tables.lineitem, { leftOn: "o_orderkey", rightOn: "l_orderkey" })
        .filter(
          pl.allHorizontal([
            col("l_shipmode").isIn(["MAIL", "SHIP"]),
            col("l_commitdate").lt("l_receiptdate"),
            col("l_shipdate").lt("l_commitdate"),
            col("l_receiptdate").dt.year().eq(1994),
          ]),
        )
        .groupBy("l_shipmode")
        .agg(urgent.sum().alias("high_line_count"), urgent.not().sum().alias("low_line_count"))
        .sort("l_shipmode");
    }`,
  },
  {
    number: 13,
    sql: `SELECT c_count, count(*) AS custdist
      FROM (
        SELECT c_custkey, count(o_orderkey) AS c_count
        FROM customer LEFT JOIN orders ON c_custkey = o_custkey AND o_comment NOT LIKE '%special%requests%'
        GROUP BY c_custkey)
      GROUP BY c_count ORDER BY custdist DESC, c_count DESC`,
    polars: `({ pl, tables }) => {
      const { col } = pl;
      const ordinary = tables.orders.filter(col("o_comment").str.contains(/special.*requests/).not());
      return tables.customer
        .join(ordinary, { leftOn: "c_custkey", rightOn: "o_custkey", how: "left" })
        .groupBy("c_custkey")
        .agg(col("o_orderkey").count().alias("c_count"))
        .groupBy("c_count")
        .agg(pl.len().alias("custdist"))
        .sort({ by: ["custdist", "c_count"], descending: true });
    }`,
  },
  {
    number: 18,
    sql: `SELECT c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity) AS quantity
      FROM customer, orders, lineitem
      WHERE o_orderkey IN (SELECT l_orderkey FROM lineitem GROUP BY l_orderkey HAVING sum(l_quantity) > 260)
        AND c_custkey = o_custkey AND o_orderkey = l_orderkey
      GROUP BY c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice
      ORDER BY o_totalprice DESC, o_orderdate, o_orderkey LIMIT 100`,
    polars: `({ pl, tables }) => {
      const { col } = pl;
      const large = tables.lineitem
        .groupBy("l_orderkey")
        .agg(col("l_quantity").sum().alias("quantity"))
        .filter(col("quantity").gt(260));
      return tables.orders
        .join(large, { leftOn: "o_orderkey", rightOn: "l_orderkey" })
        .join(tables.customer, { leftOn: "o_custkey", rightOn: "c_custkey" })
        .select("c_name", col("o_custkey").alias("c_custkey"), "o_orderkey", "o_orderdate", "o_totalprice", "quantity")
        .sort(["o_totalprice", "o_orderdate", "o_orderkey"], [true, false, false])
        .limit(100);
    }`,
  },
  {
    number: 22,
    sql: `WITH chosen AS (
        SELECT c_custkey, c_phone[:2] AS cntrycode, c_acctbal FROM customer
        WHERE c_phone[:2] IN ('13', '31', '23', '29', '30', '18', '17'))
      SELECT cntrycode, count(*) AS numcust, sum(c_acctbal) AS totacctbal FROM chosen
      WHERE c_acctbal > (SELECT avg(c_acctbal) FROM chosen WHERE c_acctbal > 0)
        AND NOT EXISTS (FROM orders WHERE o_custkey = c_custkey)
      GROUP BY cntrycode ORDER BY cntrycode`,
    polars: `async ({ pl, tables }) => {
      const { col } = pl;
      const chosen = tables.customer
        .withColumn(col("c_phone").str.slice(0, 2).alias("cntrycode"))
        .filter(col("cntrycode").isIn(["13", "31", "23", "29", "30", "18", "17"]));
      const balances = await chosen.filter(col("c_acctbal").gt(0)).select(col("c_acctbal").mean()).collect();
      return chosen
        .filter(col("c_acctbal").gt(balances.item()))
        .join(tables.orders, { leftOn: "c_custkey", rightOn: "o_custkey", how: "anti" })
        .groupBy("cntrycode")
        .agg(pl.len().alias("numcust"), col("c_acctbal").sum().alias("totacctbal"))
        .sort("cntrycode");
    }`,
  },
];
