import { REVENUE, type TpchQuery } from "./query.ts";

export const SALES_QUERIES: readonly TpchQuery[] = [
  {
    number: 1,
    sql: `SELECT l_returnflag, l_linestatus, sum(l_quantity) AS sum_qty, sum(l_extendedprice) AS sum_base_price,
        sum(l_extendedprice * (1 - l_discount)) AS sum_disc_price,
        sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS sum_charge,
        avg(l_quantity) AS avg_qty, avg(l_extendedprice) AS avg_price, avg(l_discount) AS avg_disc, count(*) AS count_order
      FROM lineitem WHERE l_shipdate <= DATE '1998-12-01' - INTERVAL 90 DAY
      GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus`,
    polars: `({ pl, tables }) => {
      const { col, lit } = pl;
      const exactPrice = col("l_extendedprice").cast(pl.Decimal(38, 6));
      const discounted = exactPrice.mul(lit(1).sub(col("l_discount")));
      return tables.lineitem
        .filter(col("l_shipdate").ltEq(new Date("1998-09-02")))
        .groupBy(["l_returnflag", "l_linestatus"])
        .agg(
          col("l_quantity").sum().alias("sum_qty"),
          col("l_extendedprice").sum().alias("sum_base_price"),
          discounted.sum().alias("sum_disc_price"),
          discounted.mul(col("l_tax").add(1)).sum().alias("sum_charge"),
          col("l_quantity").mean().alias("avg_qty"),
          col("l_extendedprice").mean().alias("avg_price"),
          col("l_discount").mean().alias("avg_disc"),
          pl.len().alias("count_order"),
        )
        .sort(["l_returnflag", "l_linestatus"]);
    }`,
  },
  {
    number: 3,
    sql: `SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount)) AS revenue, o_orderdate, o_shippriority
      FROM customer, orders, lineitem
      WHERE c_mktsegment = 'BUILDING' AND c_custkey = o_custkey AND l_orderkey = o_orderkey
        AND o_orderdate < DATE '1995-03-15' AND l_shipdate > DATE '1995-03-15'
      GROUP BY l_orderkey, o_orderdate, o_shippriority ORDER BY revenue DESC, o_orderdate, l_orderkey LIMIT 10`,
    polars: `({ pl, tables }) => {
      const { col, lit } = pl;
      const day = new Date("1995-03-15");
      return tables.customer
        .filter(col("c_mktsegment").eq(lit("BUILDING")))
        .join(tables.orders.filter(col("o_orderdate").lt(day)), { leftOn: "c_custkey", rightOn: "o_custkey" })
        .join(tables.lineitem.filter(col("l_shipdate").gt(day)), { leftOn: "o_orderkey", rightOn: "l_orderkey" })
        .groupBy([col("o_orderkey").alias("l_orderkey"), "o_orderdate", "o_shippriority"])
        .agg(${REVENUE}.sum().alias("revenue"))
        .select("l_orderkey", "revenue", "o_orderdate", "o_shippriority")
        .sort(["revenue", "o_orderdate", "l_orderkey"], [true, false, false])
        .limit(10);
    }`,
  },
  {
    number: 5,
    sql: `SELECT n_name, sum(l_extendedprice * (1 - l_discount)) AS revenue
      FROM customer, orders, lineitem, supplier, nation, region
      WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey AND l_suppkey = s_suppkey AND c_nationkey = s_nationkey
        AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND r_name = 'ASIA'
        AND o_orderdate >= DATE '1994-01-01' AND o_orderdate < DATE '1995-01-01'
      GROUP BY n_name ORDER BY revenue DESC, n_name`,
    polars: `({ pl, tables: { region, nation, customer, orders, lineitem, supplier } }) => {
      const { col, lit } = pl;
      const in1994 = col("o_orderdate").gtEq(new Date("1994-01-01")).and(col("o_orderdate").lt(new Date("1995-01-01")));
      return region
        .filter(col("r_name").eq(lit("ASIA")))
        .join(nation, { leftOn: "r_regionkey", rightOn: "n_regionkey" })
        .join(customer, { leftOn: "n_nationkey", rightOn: "c_nationkey" })
        .join(orders.filter(in1994), { leftOn: "c_custkey", rightOn: "o_custkey" })
        .join(lineitem, { leftOn: "o_orderkey", rightOn: "l_orderkey" })
        .join(supplier, { leftOn: ["l_suppkey", "n_nationkey"], rightOn: ["s_suppkey", "s_nationkey"] })
        .groupBy("n_name")
        .agg(${REVENUE}.sum().alias("revenue"))
        .sort({ by: ["revenue", "n_name"], descending: [true, false] });
    }`,
  },
  {
    number: 6,
    sql: `SELECT sum(l_extendedprice * l_discount) AS revenue FROM lineitem
      WHERE l_shipdate >= DATE '1994-01-01' AND l_shipdate < DATE '1995-01-01'
        AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24`,
    polars: `({ pl, tables }) => {
      const { col } = pl;
      return tables.lineitem
        .filter(col("l_shipdate").gtEq(new Date("1994-01-01")).and(col("l_shipdate").lt(new Date("1995-01-01"))))
        .filter(col("l_discount").gtEq(0.05).and(col("l_discount").ltEq(0.07)))
        .filter(col("l_quantity").lt(24))
        .select(col("l_extendedprice").cast(pl.Decimal(38, 4)).mul(col("l_discount")).sum().alias("revenue"));
    }`,
  },
  {
    number: 10,
    sql: `SELECT c_custkey, c_name, sum(l_extendedprice * (1 - l_discount)) AS revenue, c_acctbal, n_name, c_address, c_phone,
        c_comment
      FROM customer, orders, lineitem, nation
      WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey AND l_returnflag = 'R' AND c_nationkey = n_nationkey
        AND o_orderdate >= DATE '1993-10-01' AND o_orderdate < DATE '1994-01-01'
      GROUP BY c_custkey, c_name, c_acctbal, c_phone, n_name, c_address, c_comment
      ORDER BY revenue DESC, c_custkey LIMIT 20`,
    polars: `({ pl, tables }) => {
      const { col, lit } = pl;
      const start = new Date("1993-10-01");
      const end = new Date("1994-01-01");
      return tables.customer
        .join(tables.orders, { leftOn: "c_custkey", rightOn: "o_custkey" })
        .join(tables.lineitem, { leftOn: "o_orderkey", rightOn: "l_orderkey" })
        .join(tables.nation, { leftOn: "c_nationkey", rightOn: "n_nationkey" })
        .filter(col("o_orderdate").gtEq(start).and(col("o_orderdate").lt(end)).and(col("l_returnflag").eq(lit("R"))))
        .groupBy(["c_custkey", "c_name", "c_acctbal", "c_phone", "n_name", "c_address", "c_comment"])
        .agg(${REVENUE}.sum().alias("revenue"))
        .sort(["revenue", "c_custkey"], [true, false])
        .head(20);
    }`,
  },
];
