//! Books of paid orders and the bill of their day, which differ in known places.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::OrderId;
use rusqlite::{Connection, params};

use crate::world::{self, APP_ID};

pub(super) const BILL: &str = "bill.csv";
pub(super) const DAY: &str = "2026-01-05";
/// Its midnight in Beijing.
pub(super) const MIDNIGHT: UnixMs = UnixMs::new(1_767_542_400_000);
const DIFFERING: &str = "differing";
const DAY_MS: usize = 86_400_000;
const FEN: i64 = 1280;
/// Of so many orders one costs something else in the bill, one is not in it, and one is not in the books.
const EVERY: usize = 20_000;

/// Writes books and bill of `rows` orders into `folder`.
pub(super) fn make(folder: &Path, rows: usize) -> anyhow::Result<()> {
    drop(world::service(folder)?);
    let mut books = Connection::open(folder.join("books.db"))?;
    books.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;")?;
    let mut bill = BufWriter::new(File::create(folder.join(BILL))?);
    writeln!(bill, "序号,支付时间,商户号,openId,订单号,平台订单号,渠道订单号,订单金额,支付方式,支付状态")?;
    let transaction = books.transaction()?;
    transaction.execute("INSERT INTO apps (n, app_id) VALUES (1, ?1)", [APP_ID])?;
    let mut insert = transaction.prepare(
        "INSERT INTO orders (id, app, out_order_no, system, state, total_fen, discount_fen, created_at, expires_at, \
         platform_order_id, order_token, paid_at, way, channel_no, seller_uid, maybe_acted, request_sha256, alarms, seq, \
         events, operations, tries) VALUES (?1, 1, ?2, 'ecpay', 'paid', ?3, 0, ?4, ?5, ?6, ?7, ?8, 2, ?9, \
         '70775300146143419322', 0, zeroblob(32), 0, 3, 1, 0, 0)",
    )?;
    let mut differing = 0_u64;
    for index in 0..rows {
        let no = world::order_no(index);
        let paid_at = MIDNIGHT.plus_ms(i64::try_from(index * (DAY_MS / rows))? + 1);
        let created_at = paid_at.plus_ms(-60_000);
        // Not at the beginning: near midnight nobody is accused after one bill.
        let [dearer, lost, strange] = [1, 2, 3].map(|which| index % EVERY == EVERY / 2 + which);
        differing += u64::from(dearer || lost || strange);
        if !strange {
            insert.execute(params![
                OrderId::new(created_at, u64::try_from(index)?).get(),
                no,
                FEN,
                created_at.get(),
                created_at.plus_ms(900_000).get(),
                format!("N73{index:017}"),
                "CgsIARDiDRgCIAEoARJOCkw".repeat(6),
                paid_at.get(),
                format!("42000000002026010500{index:08}"),
            ])?;
        }
        if !lost {
            let fen = if dearer { FEN + 1 } else { FEN };
            writeln!(
                bill,
                "{index},{},`70775300146143419322,,`{no},`N73{index:017},`42000000002026010500{index:08},{fen},2,支付成功",
                paid_at.beijing_text()
            )?;
        }
    }
    drop(insert);
    transaction.commit()?;
    bill.flush()?;
    std::fs::write(folder.join(DIFFERING), differing.to_string())?;
    Ok(())
}

/// How many differences were made.
pub(super) fn differing(folder: &Path) -> anyhow::Result<u64> {
    Ok(std::fs::read_to_string(folder.join(DIFFERING))?.parse()?)
}
